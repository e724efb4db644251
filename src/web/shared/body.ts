/** Reads the body of a request as JSON, within a limit. */

/** Why a body is refused. */
export type BodyProblem = "too-long" | "not-json";

/** Reads the body; stops reading beyond the limit. */
export async function readJson(
  request: Request,
  bytesMax: number,
): Promise<{ readonly value: unknown } | { readonly problem: BodyProblem }> {
  const bytes = await readBytes(request, bytesMax);
  if (bytes === null) return { problem: "too-long" };
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return { value };
  } catch (error) {
    // The decoder throws a TypeError for bytes that are no UTF-8.
    if (error instanceof SyntaxError || error instanceof TypeError) return { problem: "not-json" };
    throw error;
  }
}

async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) return null;
  const bytes = new Uint8Array(bytesMax);
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    if (sizeBytes + chunk.length > bytesMax) return null;
    bytes.set(chunk, sizeBytes);
    sizeBytes += chunk.length;
  }
  return bytes.subarray(0, sizeBytes);
}
