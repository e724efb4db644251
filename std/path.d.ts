/** The part of @std/path that earshot uses: the types that the npm build of the package leaves out. */

/** Joins parts with this system's separator and normalises the result. */
export function join(...paths: string[]): string;
/** The folder that holds the path. */
export function dirname(path: string): string;
/** The last part of the path, without the suffix if it ends so. */
export function basename(path: string, suffix?: string): string;
/** The ending of the last part, with its dot. */
export function extname(path: string): string;
/** An absolute path, from the working folder where the parts are relative. */
export function resolve(...paths: string[]): string;
/** Whether the path is absolute. */
export function isAbsolute(path: string): boolean;
/** How to get from one path to the other. */
export function relative(from: string, to: string): string;
/** The path of a file: URL. */
export function fromFileUrl(url: string | URL): string;
/** The file: URL of an absolute path. */
export function toFileUrl(path: string): URL;
/** This system's separator. */
export const SEPARATOR: "/" | "\\";
