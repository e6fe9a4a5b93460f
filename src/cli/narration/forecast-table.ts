import type { Forecast } from "../../runs/forecast.ts";
import { absent, duration, megabytes } from "../../runs/narration/wording.ts";
import { aligned } from "./table.ts";

/** Names that a line of the table lists at most. */
const listed = 3;

/** What runs will take, a line for all that differ in the seed alone, and the sum. */
export function forecastTable(forecasts: readonly Forecast[]): string {
  const rows = forecasts.map(({ runs, steps, flops, memory, disk, secondsPerStep, seconds }) => [
    runs.length > listed ? `${runs.slice(0, listed).join(", ")} and ${runs.length - listed} more` : runs.join(", "),
    String(steps),
    (flops / 1e9).toPrecision(3),
    secondsPerStep === undefined ? absent : (1000 * secondsPerStep).toPrecision(3),
    megabytes(memory),
    megabytes(disk),
    duration(seconds),
  ]);
  const head = ["run", "steps", "GFLOP a step", "ms a step", "memory", "checkpoint", "expected time"];
  const sum = (of: (forecast: Forecast) => number) =>
    forecasts.reduce((total, forecast) => total + forecast.runs.length * of(forecast), 0);
  const count = sum(() => 1);
  const [first] = forecasts;
  const total = sum(({ seconds }) => seconds);
  const time = total < 1 ? duration(total) : `about ${duration(total)}`;
  const where = first ? ` on ${first.device} (${first.provider})` : "";
  return [
    aligned([head, ...rows]),
    `${count === 1 ? "1 run" : `${count} runs, one after the other`}: ${time}${where}, ${megabytes(sum(({ disk }) => disk))} of checkpoints`,
    ...(count > forecasts.length ? ["The numbers of a line are those of one run, also where it names several."] : []),
    "Times are reckoned from a few steps on this machine as it is now; measures after training and reports come on top.",
    "",
  ].join("\n");
}
