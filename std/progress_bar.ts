// @ts-types="./progress_bar.d.ts"
export { default } from "npm:cli-progress@3.12.0/lib/format-bar.js";
