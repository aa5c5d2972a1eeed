// Charts, loaded only by pages that show one. Data stands in the page as a table; data-chart names that table and the kind.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, LabelLayout, CanvasRenderer]);

const role = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// What a column means decides how it is drawn (data-series of its head: "asked", "done", or "none" for not at all).
// Nobody needs to tell two colours apart: the lines differ in dash and marker, and each has its name at its end.
const looks = {
  asked: { colour: "--info", dash: [7, 4], marker: "emptyCircle", width: 2 },
  done: { colour: "--action", dash: "solid", marker: "triangle", width: 2.5 },
};

function numberIn(cell) {
  const value = cell.dataset.value ?? cell.textContent.replace(/[,\s]/g, "");
  return value === "" || Number.isNaN(Number(value)) ? null : Number(value);
}

function readTable(table) {
  const columns = [...table.tHead.rows[0].cells].slice(1);
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.cells.length > 1);
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    series: columns
      .filter((head) => head.dataset.series !== "none")
      .map((head) => ({
        name: head.textContent.trim(),
        look: looks[head.dataset.series] ?? looks.asked,
        data: rows.map((row) => numberIn(row.cells[head.cellIndex])),
      })),
  };
}

// Room for the longest name at the end of a line.
function roomFor(series, font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  return Math.ceil(Math.max(...series.map((one) => pen.measureText(endOf(one)).width))) + 16;
}

function endOf(one) {
  return `${one.name} ${(one.data.at(-1) ?? 0).toLocaleString("en")}`;
}

function drawn(one, kind) {
  const colour = role(one.look.colour);
  return {
    name: one.name,
    data: one.data,
    type: kind,
    color: colour,
    label: { show: kind === "bar", position: "right", color: role("--ink-2"), fontWeight: 600 },
    barMaxWidth: 28,
    symbol: one.look.marker,
    symbolSize: 7,
    showAllSymbol: true,
    lineStyle: { width: one.look.width, type: one.look.dash },
    endLabel: { show: kind === "line", formatter: () => endOf(one), color: colour, fontWeight: 600, lineHeight: 18, distance: 8 },
    labelLayout: { moveOverlap: "shiftY" },
  };
}

function options({ labels, series }, kind) {
  const text = { color: role("--ink-3"), fontFamily: role("--font-ui"), fontSize: 13 };
  const isBar = kind === "bar";
  const isNamed = isBar && series.length > 1; // one series is named on its axis, several in a legend
  const right = isBar ? 16 : roomFor(series, `600 13px ${text.fontFamily}`);
  const category = {
    type: "category",
    data: labels,
    inverse: isBar,
    axisLabel: { ...text, ...(isBar ? { width: 150, overflow: "truncate" } : { hideOverlap: true }) },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: role("--line-strong") } },
  };
  const value = {
    type: "value",
    minInterval: 1,
    axisLabel: { ...text, hideOverlap: true },
    splitLine: { lineStyle: { color: role("--line") } },
    ...(isBar && !isNamed ? { name: series[0]?.name, nameLocation: "middle", nameGap: 28, nameTextStyle: text } : {}),
  };
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: text,
    legend: { show: isNamed, top: 0, left: 0, icon: "rect", itemWidth: 14, itemHeight: 14, textStyle: text },
    grid: { left: 8, right, top: isNamed ? 32 : 16, bottom: isBar && !isNamed ? 28 : 8, containLabel: true },
    // The tooltip is drawn on the canvas: markup with inline styles would be refused by the page's policy.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: isBar ? value : category,
    yAxis: isBar ? category : value,
    series: series.map((one) => drawn(one, kind)),
  };
}

function show(place) {
  const table = document.getElementById(place.dataset.chart);
  if (!table) return;
  const chart = init(place, null, { renderer: "canvas" });
  const paint = () => chart.setOption(options(readTable(table), place.dataset.kind ?? "line"), true);
  paint();
  new ResizeObserver(() => chart.resize()).observe(place);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}

// Called for the page and for every fragment that brings a chart; a chart is drawn once.
export function drawCharts(root) {
  for (const place of root.querySelectorAll("[data-chart]:not([data-drawn])")) {
    place.dataset.drawn = "";
    show(place);
  }
}
