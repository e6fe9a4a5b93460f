import { definer } from "../kinds/kind.ts";
import type { RunInput } from "../training/run-description.ts";
import type { Collection, CollectionControl, NewCollectionControl } from "./collection.ts";
import type { Cell } from "./execution/cell.ts";
import type { TaskShelf } from "./execution/task-shelf.ts";
import type { RedrawOptions } from "./run-report.ts";

/** What an experiment is made for. */
export interface ExperimentContext {
  /** Whose settings they are, for messages: "gevb", or a file. */
  readonly owner: string;
  /** Loads the tasks; a sweep makes many collections with one shelf. */
  readonly tasks: TaskShelf;
}

/** Runs as an experiment gives them: what their descriptions leave out takes its default. */
export interface ProposedCollection extends Omit<Collection, "cells"> {
  readonly cells: readonly (Omit<Cell, "description"> & { readonly description: RunInput })[];
}

/** An experiment that is no collection of runs and keeps its folder by itself. */
export interface Undertaking {
  run(control: NewCollectionControl): Promise<void>;
  resume(folder: string, control: CollectionControl): Promise<void>;
  /** Draws the report again and returns the path of report.html. Rejects with an InterruptedError when the signal aborts. */
  report(folder: string, options: RedrawOptions): Promise<string>;
}

/** A short option for what lies deeper in the settings of an experiment. */
export interface Shortcut {
  /** Dotted path in the settings: "optimiser.rate". */
  readonly setting: string;
  readonly help: string;
  /** What stands for the value in help; default "n", and the value is a number. */
  readonly value?: string;
  /**
   * The setting that a text stands for.
   *
   * @param current what the setting is without the option
   */
  of?(text: string, current: unknown): unknown;
}

/** What a kind of experiment says besides its settings. */
export interface ExperimentExtra {
  /** Whether a collection of one run is that run alone, in a run folder of its own; default false. */
  readonly single?: boolean;
  /** Whether settings of it can be swept; default true. */
  readonly sweeps?: boolean;
  /** Options for what lies deeper in the settings, by their names. */
  readonly shortcuts?: Readonly<Record<string, Shortcut>>;
  /** Arguments after `sulcus run` for its help. */
  readonly examples?: readonly string[];
}

type Proposed = ProposedCollection | Undertaking;

declare module "../kinds/families.ts" {
  interface Families {
    /** Settings to runs, or to an undertaking of another kind; rejects with a UsageError what makes no sense. */
    experiment: FamilyOf<ExperimentContext, Proposed | Promise<Proposed>, ExperimentExtra>;
  }
}

/**
 * Defines a kind of experiment: a function from settings to a collection of runs (name, condition, run description). A setting with
 * a help text, `.meta({ help: "learning rate" })`, has an option of its own on the command line:
 *
 * - `value`: what stands for the value in help, default "n" for numbers and "name" for all else;
 * - `flag`: the value where the option is given without one;
 * - `sweep: false`: not worth a sweep;
 * - `counted: "c"`: what is written behind a whole number in a sweep, where it is a count and no value.
 */
export const defineExperiment = definer("experiment");
