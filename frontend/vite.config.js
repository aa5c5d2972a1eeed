import { resolve } from "node:path";
import { defineConfig } from "vite";

// Everything is served below one static folder: relative addresses keep lazily loaded chunks working behind any prefix.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    cssTarget: ["chrome111", "safari16.4", "firefox113"],
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: {
        main: resolve(import.meta.dirname, "src/main.js"),
        admin: resolve(import.meta.dirname, "src/css/admin.css"),
      },
    },
  },
});
