import * as z from "zod";

/** The schema of a SHA-256 in a description, hexadecimal. */
export const checksum = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");

/** SHA-256 of bytes, of several parts one after the other, hexadecimal. */
export async function sha256Of(...parts: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const whole = parts.length === 1 ? parts[0]! : new Uint8Array(await new Blob([...parts]).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
