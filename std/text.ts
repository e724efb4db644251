// @ts-types="./text.d.ts"
export * from "npm:deno-std@1.4.0/text/mod.js";
