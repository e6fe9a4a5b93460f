/** Projections whose alignment tables show, at most; those of larger circuits are left to the figure of alignment. */
export const TABLED_PROJECTIONS = 4;
