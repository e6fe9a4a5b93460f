import { type Library, libraryOf } from "./kinds/library.ts";
import { attendedObject } from "./plasticity/objectives/attended-object.ts";
import { classification } from "./plasticity/objectives/classification.ts";
import { adam, adamw } from "./plasticity/optimisers/adam.ts";
import { momentum } from "./plasticity/optimisers/momentum.ts";
import { sgd } from "./plasticity/optimisers/sgd.ts";
import { bp } from "./plasticity/rules/bp.ts";
import { byPathway } from "./plasticity/rules/by-pathway.ts";
import { dfa } from "./plasticity/rules/dfa.ts";
import { fa } from "./plasticity/rules/fa.ts";
import { gevb } from "./plasticity/rules/gevb.ts";
import { nodePerturbation } from "./plasticity/rules/node-perturbation.ts";
import { threeFactor } from "./plasticity/rules/three-factor.ts";
import { cocoScenes } from "./tasks/coco/coco-scenes.ts";
import { doubleDigits } from "./tasks/digits/double-digits.ts";
import { cifar10 } from "./tasks/images/cifar10-task.ts";
import { digits } from "./tasks/images/digits-task.ts";
import { symbols } from "./tasks/images/symbols-task.ts";
import { digitScenes } from "./tasks/scenes/digit-scenes.ts";
import { generatedScenes } from "./tasks/scenes/generated/generated-scenes.ts";

/** The kinds that Sulcus comes with, in the order in which they are listed: the only list of kinds there is. */
export const builtIn: Library = libraryOf([
  // Tasks
  digits,
  cifar10,
  symbols,
  doubleDigits,
  digitScenes,
  generatedScenes,
  cocoScenes,
  // Objectives
  classification,
  attendedObject,
  // Learning rules
  gevb,
  bp,
  fa,
  dfa,
  nodePerturbation,
  threeFactor,
  byPathway,
  // Optimisers
  sgd,
  momentum,
  adam,
  adamw,
]);
