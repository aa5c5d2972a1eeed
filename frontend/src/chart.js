// Charts, loaded only by pages that show one. Data stands in the page as a table; data-chart names that table and the kind.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, LabelLayout, CanvasRenderer]);

const role = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function readTable(table) {
  const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    series: heads.map((name, column) => ({
      name,
      data: rows.map((row) => {
        const cell = row.cells[column + 1];
        const value = cell.dataset.value ?? cell.textContent.replace(/[,\s]/g, "");
        return value === "" || Number.isNaN(Number(value)) ? null : Number(value);
      }),
    })),
  };
}

function options({ labels, series }, kind) {
  const colours = ["--action", "--accent", "--info", "--ink-3"].map(role);
  const text = { color: role("--ink-3"), fontFamily: role("--font-ui"), fontSize: 13 };
  return {
    animation: false,
    aria: { enabled: true },
    color: colours,
    textStyle: text,
    grid: { left: 8, right: kind === "line" ? 96 : 16, top: 16, bottom: 8, containLabel: true },
    // The tooltip is drawn on the canvas: markup with inline styles would be refused by the page's policy.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: { type: "category", data: labels, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: role("--line-strong") } } },
    yAxis: { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: role("--line") } } },
    series: series.map((one) => ({
      ...one,
      type: kind,
      symbolSize: 5,
      barMaxWidth: 28,
      lineStyle: { width: 2.5 },
      endLabel: { show: kind === "line", formatter: "{a}", color: "inherit", fontWeight: 600, distance: 6 },
    })),
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
