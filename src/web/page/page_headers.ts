/** What every answer of the page's address tells the browser. */

/** Nothing but this address, no code but the page's own files, nobody around it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Blobs are what the user has chosen to send, and looks at before.
  "img-src 'self' blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Features of a device that the page never asks for. A browser that does not know one passes over it. */
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

/** The headers of a foreign file: whatever it is, nothing in it runs, and nobody but the page may use it. */
export function fileHeaders(type: string): Record<string, string> {
  return { ...pageHeaders(type), "content-security-policy": "default-src 'none'; sandbox" };
}

/** The headers of an answer of that media type. `no-transform` keeps the server from packing it: on loopback that only costs time. */
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
