/** Which units of a circuit's modules are connected; the values of the weights are left out. */
export interface ConnectionMatrix {
  /** In the order of rows and columns. */
  populations: { name: string; units: number }[];
  /** [units, units] of all populations one after the other, [post, pre], row-major: 1 where a connection exists, else 0. */
  connected: Uint8Array;
}
