import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { type DataSchema, expectation } from "../../src/kinds/expectation.ts";
import { dataSchema, parseDescription } from "../../src/kinds/plain-data.ts";
import { AttentionConfig } from "../../src/papers/attention/settings.ts";
import { GevbConfig, QuickstartConfig } from "../../src/papers/gevb/settings.ts";
import { GevbTablesConfig } from "../../src/papers/gevb/tables-settings.ts";
import { GevbWidthsConfig } from "../../src/papers/gevb/widths-settings.ts";
import { ModulesConfig } from "../../src/papers/modules/settings.ts";

const configs = {
  gevb: GevbConfig,
  quickstart: QuickstartConfig,
  "gevb-tables": GevbTablesConfig,
  "gevb-widths": GevbWidthsConfig,
  modules: ModulesConfig,
  attention: AttentionConfig,
} satisfies Record<string, z.ZodType>;

/** Whole numbers that a schema takes, by their path, without seeds, and without those that are compared with the circuit. */
function wholeNumbers(schema: DataSchema, path = ""): [string, DataSchema][] {
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [
    ...(schema.type === "integer" ? ([[path, schema]] as [string, DataSchema][]) : []),
    ...parts.flatMap((part) => wholeNumbers(part, path)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
      wholeNumbers(part, path === "" ? name : `${path}.${name}`),
    ),
  ].filter(([name]) => !/^seeds$|connections$|^decision.time.step$/.test(name));
}

describe.each(Object.entries(configs))("settings of %s", (_name, config) => {
  test.each(wholeNumbers(dataSchema(config)))(
    "%s has a largest value, and messages say both bounds",
    (_path, schema) => {
      expect(schema.maximum).toBeLessThanOrEqual(10_000_000);
      expect(expectation(schema)).toMatch(/^a whole number from [0-9]+ to [0-9,]+$/);
    },
  );
});

test.each<[z.ZodType, Record<string, unknown>, string]>([
  [GevbConfig, { epochs: 1e12 }, "epochs: got 1000000000000, expected a whole number from 1 to 1,000,000"],
  [GevbConfig, { epochs: 2 ** 53 }, "epochs: got 9007199254740992, expected a whole number from 1 to 1,000,000"],
  [GevbConfig, { evaluations: 1e9 }, "evaluations: got 1000000000, expected a whole number from 1 to 1,000,000"],
  [GevbWidthsConfig, { widths: 1e9 }, "widths.0: got 1000000000, expected a whole number from 1 to 1,000,000"],
  [GevbWidthsConfig, { depth: 1e5 }, "depth: got 100000, expected a whole number from 1 to 100"],
  [AttentionConfig, { iterations: 1e9 }, "iterations: got 1000000000, expected a whole number from 1 to 1000"],
  [
    AttentionConfig,
    { analysis: { bins: 1e9 } },
    "analysis.bins: got 1000000000, expected a whole number from 2 to 10,000",
  ],
  [
    ModulesConfig,
    { specialization: { bottleneck: 1e9 } },
    "specialization.bottleneck: got 1000000000, expected a whole number from 1 to 10,000",
  ],
  [ModulesConfig, { pixelNoise: 1e38 }, "pixelNoise: got 1e+38, expected a number from 0 to 100"],
  [ModulesConfig, { noise: 101 }, "noise: got 101, expected a number from 0 to 100"],
  [ModulesConfig, { density: 1.5 }, "density: got 1.5, expected a number from 0 to 1 or settings (connections)"],
  [ModulesConfig, { density: "10%" }, 'density: got "10%", expected a number from 0 to 1 or settings (connections)'],
  [ModulesConfig, { density: "-1" }, "density: got -1, expected a number from 0 to 1 or settings (connections)"],
  [
    ModulesConfig,
    { density: { connections: -1 } },
    "density.connections: got -1, expected a whole number of at least 0",
  ],
])("what is out of bounds is refused where it is read: %#", (config, given, fault) => {
  expect(() => parseDescription("settings", config, given)).toThrow(`settings: ${fault}`);
});
