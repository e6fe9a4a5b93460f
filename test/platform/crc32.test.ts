import { deflateRawSync, crc32 as reference } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { platform as browser } from "../../src/platform/browser.ts";
import { platform as node } from "../../src/platform/node.ts";

test("a browser's checksum is that of zlib, whole and in parts", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, at) => {
      const [first, rest] = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(browser.crc32(rest, browser.crc32(first, 0))).toBe(reference(bytes));
    }),
  );
});

test("deflated bytes are unpacked alike, and no more than are allowed", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      const packed = deflateRawSync(bytes);
      for (const { inflate } of [browser, node]) {
        expect([...inflate(packed, bytes.length)]).toEqual([...bytes]);
        if (bytes.length > 1) expect(() => inflate(packed, bytes.length - 1)).toThrow(Error);
        expect(() => inflate(packed.subarray(0, 1), 1000)).toThrow(Error);
      }
    }),
  );
});
