/** How one population represents test stimuli after training: representation.json of a run folder. */
export interface Representation {
  /** The population whose rates these are. */
  population: string;
  /** Stimuli. */
  count: number;
  /** Mean silhouette of the classes by the distances of rates, -1 to 1. */
  silhouette: number;
  /** Mean share of the nearest neighbours that are of the stimulus' class, 0 to 1. */
  purity: number;
  /** How many nearest neighbours. */
  neighbours: number;
  /** Of the t-SNE that places the points. */
  perplexity: number;
  /** A point a stimulus, in the plane of the embedding, which has no unit, and its class. */
  points: { x: number; y: number; label: number }[];
}
