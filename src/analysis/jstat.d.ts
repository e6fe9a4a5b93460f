/** What is used of jStat, which brings no types. */
declare module "jstat" {
  const jstat: {
    readonly jStat: {
      /** Regularised incomplete beta function I_x(a, b). */
      ibeta(x: number, a: number, b: number): number;
      /** The value below which a normal variable lies with a probability. */
      readonly normal: { inv(probability: number, mean: number, deviation: number): number };
    };
  };
  export default jstat;
}
