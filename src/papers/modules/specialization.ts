import { defineMeasure } from "../../measures/define-measure.ts";
import { digitFactors } from "../../tasks/digits/digit-trials.ts";
import { modulesChapter } from "./chapter/modules-chapter.ts";
import { specializationNotes } from "./chapter/specialization-notes.ts";
import { digitClasses } from "./measure/bottleneck.ts";
import { measureSpecialization, modulesOf } from "./measure/measure-specialization.ts";
import { SpecializationRecord } from "./specialization-record.ts";
import { SpecializationSettings } from "./specialization-settings.ts";

/**
 * Structure and function of modules: Newman's Q of the connections, test accuracy with modules silenced or cut off, which module
 * decides, and three metrics of function. What the data do not allow is null, with a note of why.
 *
 * Source: Bena & Goodman 2021.
 */
export const specialization = defineMeasure({
  kind: "specialization",
  summary: "structure and functional specialization of modules (Bena & Goodman 2021)",
  settings: SpecializationSettings,
  record: SpecializationRecord,
  refuse({ metrics }, { network, task }) {
    const modules = modulesOf(network);
    const digits = digitFactors(task.test.shape);
    if (modules.length < 2 || modules.length !== digits.length)
      return `circuit "${network.description.name}" has ${modules.length} modules (populations with a readout of their own) and task "${task.name}" shows ${digits.length} digits; it takes as many modules as digits, at least 2`;
    const { units: classes } = network.reports[0]!;
    if (metrics.includes("mask") && classes < digitClasses)
      return `metrics: "mask" reports digits from 0 to ${digitClasses - 1} through the circuit's own readouts, and task "${task.name}" has ${classes} classes; ask for bottleneck and correlation alone`;
    return undefined;
  },
  take: measureSpecialization,
  words: specializationNotes,
  chapter: modulesChapter,
});
