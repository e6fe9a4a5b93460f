/** Architectures of the gevb paper's circuits. */
export const gevbArchitectures = {
  dense: { summary: "populations without space, all connected to all" },
  conv: { summary: "convolutions and pooling, then a dense population" },
  local: { summary: "connected as convolutions are, every position with weights of its own" },
} as const;
export type Architecture = keyof typeof gevbArchitectures;

/** What their units are. */
export const gevbUnits = {
  vector: { summary: "rates of as many components as there are classes, gated by fixed random vectors" },
  conventional: { summary: "scalar rates, alternating relu" },
} as const;
export type UnitKind = keyof typeof gevbUnits;

/** Constraints of all projections but the first, as tables call them. */
export const gevbSigns = { excitatory: "W\u00a0\u2265\u00a00", mixed: "mixed" } as const;
export type GevbSign = keyof typeof gevbSigns;

/** Whether the positions of a channel share their gating vector ("channel") or each has its own ("unit"). */
export const gateSharings = ["channel", "unit"] as const;
export type GateSharing = (typeof gateSharings)[number];
