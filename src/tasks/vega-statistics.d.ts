/** What is used of vega-statistics, which brings no types. */
declare module "vega-statistics" {
  /** The value below which a normal variable lies with a probability. */
  export function quantileNormal(probability: number, mean: number, deviation: number): number;
}
