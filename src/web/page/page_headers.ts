/** Headers of every answer of the page's address. */

/** Loads from this address only, runs the page's own files only, and allows no frame around it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Blobs are previews of files that the user has chosen.
  "img-src 'self' blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Features of a device that the page never uses. Browsers ignore those that they do not know. */
const PERMISSIONS_POLICY = [
  "camera",
  "display-capture",
  "geolocation",
  "hid",
  "microphone",
  "midi",
  "payment",
  "serial",
  "usb",
].map((feature) => `${feature}=()`).join(", ");

/** Headers of a foreign file: nothing in it runs, and only the page may use it. */
export function fileHeaders(type: string): Record<string, string> {
  return { ...pageHeaders(type), "content-security-policy": "default-src 'none'; sandbox" };
}

/** Headers of an answer of that media type. `no-transform` keeps the server from compressing it, which on loopback only costs time. */
export function pageHeaders(type: string): Record<string, string> {
  return {
    "content-type": type,
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "permissions-policy": PERMISSIONS_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store, no-transform",
  };
}
