import { dale } from "./circuits/constraints/dale.ts";
import { excitatory } from "./circuits/constraints/excitatory.ts";
import { inhibitory } from "./circuits/constraints/inhibitory.ts";
import { mixed } from "./circuits/constraints/mixed.ts";
import { he } from "./circuits/initialisers/he.ts";
import { normal } from "./circuits/initialisers/normal.ts";
import { onOff } from "./circuits/initialisers/on-off.ts";
import { uniform } from "./circuits/initialisers/uniform.ts";
import { componentMean, components } from "./circuits/topologies/components.ts";
import { dense } from "./circuits/topologies/dense.ts";
import { given } from "./circuits/topologies/given.ts";
import { oneToOne } from "./circuits/topologies/one-to-one.ts";
import { averagePool, maxPool } from "./circuits/topologies/pooling.ts";
import { sparse } from "./circuits/topologies/sparse.ts";
import { transposedConvolutional } from "./circuits/topologies/transposed.ts";
import { upsample } from "./circuits/topologies/upsample.ts";
import { convolutional, local } from "./circuits/topologies/windowed.ts";
import { cpu } from "./compute/devices/cpu-device.ts";
import { webasm, webgl, webgpu } from "./compute/devices/pipeline-devices.ts";
import { type Library, libraryOf } from "./kinds/library.ts";
import { representation } from "./measures/representation/representation.ts";
import { alternatingRelu } from "./neurons/gains/alternating-relu.ts";
import { gated } from "./neurons/gains/gated.ts";
import { leakyRelu } from "./neurons/gains/leaky-relu.ts";
import { linear } from "./neurons/gains/linear.ts";
import { relu } from "./neurons/gains/relu.ts";
import { sigmoid } from "./neurons/gains/sigmoid.ts";
import { softplus } from "./neurons/gains/softplus.ts";
import { tanh } from "./neurons/gains/tanh.ts";
import { attention } from "./papers/attention/attention-measure.ts";
import { specialization } from "./papers/modules/specialization.ts";
import { attendedObject } from "./plasticity/objectives/attended-object.ts";
import { classification } from "./plasticity/objectives/classification.ts";
import { classificationOverTime } from "./plasticity/objectives/classification-over-time.ts";
import { penalised } from "./plasticity/objectives/penalised.ts";
import { several } from "./plasticity/objectives/several.ts";
import { squaredError } from "./plasticity/objectives/squared-error.ts";
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
import { arraysTask } from "./tasks/arrays/arrays.ts";
import { cocoScenes } from "./tasks/coco/coco-scenes.ts";
import { doubleDigits } from "./tasks/digits/double-digits.ts";
import { cifar10 } from "./tasks/images/cifar10-task.ts";
import { digits } from "./tasks/images/digits-task.ts";
import { symbols } from "./tasks/images/symbols-task.ts";
import { digitScenes } from "./tasks/scenes/digit-scenes.ts";
import { generatedScenes } from "./tasks/scenes/generated/generated-scenes.ts";

/**
 * The kinds that Sulcus comes with, in the order in which they are listed: the only list of kinds there is. Experiments, which keep
 * folders, are added in `node-library.ts`.
 */
export const builtIn: Library = libraryOf([
  // Gain functions
  linear,
  relu,
  leakyRelu,
  alternatingRelu,
  tanh,
  sigmoid,
  softplus,
  gated,
  // Topologies
  dense,
  convolutional,
  local,
  sparse,
  given,
  oneToOne,
  transposedConvolutional,
  averagePool,
  maxPool,
  upsample,
  components,
  componentMean,
  // Initialisers
  he,
  uniform,
  normal,
  onOff,
  // Sign constraints
  excitatory,
  inhibitory,
  mixed,
  dale,
  // Tasks
  digits,
  cifar10,
  symbols,
  doubleDigits,
  digitScenes,
  generatedScenes,
  cocoScenes,
  arraysTask,
  // Objectives
  classification,
  classificationOverTime,
  squaredError,
  several,
  penalised,
  attendedObject,
  // Learning rules
  gevb,
  bp,
  fa,
  dfa,
  nodePerturbation,
  threeFactor,
  byPathway,
  // Devices
  cpu,
  webasm,
  webgpu,
  webgl,
  // Optimisers
  sgd,
  momentum,
  adam,
  adamw,
  // Measures, in the order in which they are taken
  representation,
  specialization,
  attention,
]);
