import { defineConfig } from "vite";

// The player of evidence files: one script without imports, which stands in the file itself.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../src/footlight/console_dist/evidence",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    lib: { entry: "src/evidence/main.ts", formats: ["iife"], name: "footlightEvidence", fileName: () => "player.js" },
  },
});
