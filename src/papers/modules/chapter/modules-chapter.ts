import type { CircuitDescription } from "../../../circuits/description.ts";
import { buildNetwork, isWeighted } from "../../../circuits/network.ts";
import type { Chapter } from "../../../report/chapter.ts";
import type { Figure } from "../../../report/figures/figure.ts";
import { markdownTable } from "../../../report/markdown.ts";
import type { ConnectionMatrix } from "../connection-record.ts";
import { connectionMatrix } from "../measure/connection-matrix.ts";
import { densityPoints, type ModulesRun } from "./density-points.ts";
import { accuracyDensityFigure } from "./figures/accuracy-density.ts";
import { connectionsFigure } from "./figures/connections.ts";
import { moduleDigitsFigure } from "./figures/module-digits.ts";
import { similarityFigure } from "./figures/similarity.ts";
import { specializationDensityFigure, specializationModularityFigure } from "./figures/specialization-curves.ts";
import { specializationModulesFigure } from "./figures/specialization-modules.ts";
import { modulesInWords } from "./modules-in-words.ts";
import { specializationCsv } from "./specialization-csv.ts";
import { specializationWarnings } from "./specialization-notes.ts";
import { specializationTables } from "./specialization-table.ts";

/** Structure and function of modules, against the density of the connections between them. */
export const modulesChapter: Chapter<ModulesRun> = {
  figures: ({ runs }) => modulesFigures(runs),
  tables: ({ runs }) => specializationTables(runs),
  words: ({ runs }) => modulesInWords(runs),
  warnings: ({ runs }) => specializationWarnings(runs),
  files: ({ runs }) => [
    { name: "specialization.md", content: specializationMarkdown(runs) },
    { name: "specialization.csv", content: specializationCsv(runs) },
  ],
};

/** Every figure of modules, in the order of the report. */
export async function modulesFigures(runs: readonly ModulesRun[]): Promise<Figure[]> {
  const points = densityPoints(runs);
  // It takes colours of the figures' library, which takes longer to load than a small run to train.
  const { specializationTimeFigure } = await import("./figures/specialization-time.ts");
  const figures = [
    specializationDensityFigure(points),
    specializationModulesFigure(points),
    specializationModularityFigure(points),
    moduleDigitsFigure(points),
    specializationTimeFigure(points),
    accuracyDensityFigure(points),
    similarityFigure(points),
    await connectionsFigure(points, connectionsOf),
  ];
  return figures.filter((figure) => figure !== undefined);
}

/** Connections between the modules of a run whose parameters are kept. */
async function connectionsOf({ config, record: { modules }, kept }: ModulesRun): Promise<ConnectionMatrix | undefined> {
  if (!kept) return undefined;
  const network = buildNetwork(config.circuit as CircuitDescription, kept.library);
  const masks = new Map<string, Float32Array>();
  for (const { pre, post, maskName } of network.projections.filter(isWeighted))
    if (maskName !== undefined && modules.includes(pre) && modules.includes(post))
      masks.set(maskName, await kept.parameter(maskName));
  return connectionMatrix(network, modules, (mask) => masks.get(mask)!);
}

function specializationMarkdown(runs: readonly ModulesRun[]): string {
  const texts = specializationTables(runs).map(({ caption, columns, rows }) => {
    const lines = rows.map(({ name, cells }) => [name, ...cells]);
    return `${caption}\n\n${markdownTable(["connections", ...columns], lines)}`;
  });
  return texts.join("\n");
}
