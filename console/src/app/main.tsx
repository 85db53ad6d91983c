/** The console: one application, drawn by who signs in and by the address. */

import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./theme.css";

import { createRoot } from "react-dom/client";
import { App } from "./app";

export function start(): void {
  const root = document.getElementById("root");
  if (root !== null) createRoot(root).render(<App />);
}
