/**
 * Sulcus: circuits of rate neurons under biological constraints. This file is the public API of browsers and Node, and nothing
 * else; `node.ts` adds what needs a disk.
 */
import "./compute/refuse-old-node.ts";

/** Schemas of settings are written with zod, of which there should be one. */
export { z } from "zod";
export { angleDegrees } from "./analysis/angle.ts";
export { type ClassificationScores, classificationScores, type Decisions } from "./analysis/classification-scores.ts";
export { meanCorrelation, pairCorrelations } from "./analysis/correlation.ts";
export { participationRatio } from "./analysis/dimensionality.ts";
export { type Distances, pairwiseDistances } from "./analysis/distances.ts";
export type { Eigenvalue } from "./analysis/eigenvalues.ts";
export { type EmbeddingOptions, embed } from "./analysis/embedding.ts";
export type { Matrix } from "./analysis/matrix.ts";
export { modularity, modularityOfModules, type PartitionedGraph } from "./analysis/modularity.ts";
export { type AttentionRecordings, type Modulation, modulation } from "./analysis/modulation.ts";
export { mean, standardDeviation } from "./analysis/moments.ts";
export { neighbourPurity } from "./analysis/neighbour-purity.ts";
export { silhouette } from "./analysis/silhouette.ts";
export { linearCKA } from "./analysis/similarity.ts";
export { type Specialization, specialization } from "./analysis/specialization.ts";
export { spectralRadius, spectrum } from "./analysis/spectrum.ts";
export { type ModuleStates, stateCorrelations } from "./analysis/state-correlation.ts";
export { transientGrowth } from "./analysis/transient-growth.ts";
export { type TuningChange, type TuningChanges, type TuningCurves, tuningChanges } from "./analysis/tuning.ts";
export { pairedTTest, type TwoSampleTest, welchTTest } from "./analysis/two-sample-test.ts";
export {
  buildNetwork,
  buildObjective,
  buildOptimiser,
  buildRule,
  loadTask,
  observe,
  openDevice,
  readGivenFiles,
  recordingStream,
  resolveCircuit,
  surveyDevices,
} from "./built-in.ts";
export type { Activity, PopulationState, Signal } from "./circuits/activity.ts";
export { type CircuitBuilder, circuit, parseCircuit } from "./circuits/circuit.ts";
export { defineConstraint, type WeightConstraint } from "./circuits/constraints/constraint.ts";
export { dale } from "./circuits/constraints/dale.ts";
export { excitatory } from "./circuits/constraints/excitatory.ts";
export { inhibitory } from "./circuits/constraints/inhibitory.ts";
export { mixed } from "./circuits/constraints/mixed.ts";
export type { CircuitDescription, PopulationDescription, ProjectionDescription } from "./circuits/description.ts";
export { he } from "./circuits/initialisers/he.ts";
export { defineInitialiser, drawEach, type Initialiser } from "./circuits/initialisers/initialiser.ts";
export { normal } from "./circuits/initialisers/normal.ts";
export { onOff } from "./circuits/initialisers/on-off.ts";
export { uniform } from "./circuits/initialisers/uniform.ts";
export {
  addDrive,
  clamp,
  freeze,
  lesion,
  type Manipulation,
  type RunManipulation,
  type Selection,
} from "./circuits/manipulations/description.ts";
export { manipulate } from "./circuits/manipulations/manipulate.ts";
export {
  isPlastic,
  isWeighted,
  type Network,
  type Population,
  type Projection,
  type WeightedProjection,
} from "./circuits/network.ts";
export { attentionCircuit, stageNames } from "./circuits/ready-made/attention/attention-circuit.ts";
export type { AttentionOptions } from "./circuits/ready-made/attention/attention-options.ts";
export {
  type AttentionWeights,
  parametersOfWeights,
  weightsOfParameters,
} from "./circuits/ready-made/attention/attention-weights.ts";
export { digitAttention, sceneAttention } from "./circuits/ready-made/attention/named-circuits.ts";
export { type GevbCircuitOptions, gevbCircuit } from "./circuits/ready-made/gevb.ts";
export {
  type ModularCircuitOptions,
  modularCircuit,
  uniformWiring,
  type Wiring,
} from "./circuits/ready-made/modules.ts";
export { componentMean, components } from "./circuits/topologies/components.ts";
export { dense } from "./circuits/topologies/dense.ts";
export { given } from "./circuits/topologies/given.ts";
export { masked } from "./circuits/topologies/masked.ts";
export { oneToOne } from "./circuits/topologies/one-to-one.ts";
export { averagePool, maxPool } from "./circuits/topologies/pooling.ts";
export { sparse } from "./circuits/topologies/sparse.ts";
export {
  defineTopology,
  type ProjectionLayout,
  type WeightLayout,
  type WiredProjection,
} from "./circuits/topologies/topology.ts";
export { transposedConvolutional } from "./circuits/topologies/transposed.ts";
export { upsample } from "./circuits/topologies/upsample.ts";
export { convolutional, local } from "./circuits/topologies/windowed.ts";
export type { DeviceChoice } from "./compute/devices/choice.ts";
export { type DeviceContext, defineDevice } from "./compute/devices/device.ts";
export type { Executor, Feeds, Results, Session } from "./compute/executor.ts";
export * as expression from "./compute/expression.ts";
export {
  defineKernel,
  type Kernel,
  type KernelBody,
  type KernelDeclaration,
  type KernelThread,
  type KernelValues,
} from "./compute/kernel.ts";
export * as kernels from "./compute/kernels/building-blocks.ts";
export { defineElementwise, type ElementThread } from "./compute/kernels/elementwise.ts";
export { costOf, type Plan, type PlanCost, type Program, recordedSteps, tracePlan } from "./compute/plan.ts";
export { type RandomStream, randomStream } from "./compute/random.ts";
export { reshape, type Tensor, type Trace } from "./compute/trace.ts";
export * as figures from "./figures.ts";
export { described } from "./kinds/described.ts";
export {
  DataError,
  DescriptionError,
  DeviceError,
  ShapeError,
  StorageError,
  SulcusError,
  UsageError,
} from "./kinds/errors.ts";
export type { Families, Family, FamilyOf } from "./kinds/families.ts";
export type { CallableKind, Description, Kind, Part, Plugin } from "./kinds/kind.ts";
export type { Library } from "./kinds/library.ts";
export { definePlugin } from "./kinds/plugin.ts";
export { builtIn } from "./library.ts";
export { defineMeasure, type MeasureDefinition } from "./measures/define-measure.ts";
export { elementwiseGain } from "./neurons/elementwise-gain.ts";
export { alternatingRelu } from "./neurons/gains/alternating-relu.ts";
export { gated } from "./neurons/gains/gated.ts";
export { leakyRelu } from "./neurons/gains/leaky-relu.ts";
export { linear } from "./neurons/gains/linear.ts";
export { relu } from "./neurons/gains/relu.ts";
export { sigmoid } from "./neurons/gains/sigmoid.ts";
export { softplus } from "./neurons/gains/softplus.ts";
export { tanh } from "./neurons/gains/tanh.ts";
export { type Activation, defineNeuron, type Gain, type NeuronContext } from "./neurons/neuron.ts";
export { deltaOf, type PostsynapticError, scaleOf, sumOfErrors } from "./neurons/postsynaptic-error.ts";
export { broadcastVector } from "./plasticity/channels/broadcast-vector.ts";
export { direct } from "./plasticity/channels/direct.ts";
export { layered } from "./plasticity/channels/layered.ts";
export { gradient } from "./plasticity/gradient.ts";
export { learningProgram, startValues } from "./plasticity/learning-program.ts";
export { localUpdates, type Updates, updatesFromDrives } from "./plasticity/local-updates.ts";
export { attendedObject } from "./plasticity/objectives/attended-object.ts";
export { classification } from "./plasticity/objectives/classification.ts";
export { classificationOverTime } from "./plasticity/objectives/classification-over-time.ts";
export type { Metric, Metrics, Sums } from "./plasticity/objectives/metric.ts";
export {
  type AskedOfTask,
  type AskedTarget,
  defineObjective,
  type ErrorVector,
  type Given,
  type Judgement,
  type Objective,
  type ReportedErrors,
} from "./plasticity/objectives/objective.ts";
export { penalised } from "./plasticity/objectives/penalised.ts";
export { judgeQuestions, type Question } from "./plasticity/objectives/question.ts";
export { several } from "./plasticity/objectives/several.ts";
export { squaredError } from "./plasticity/objectives/squared-error.ts";
export { type TargetInputs, targetInputs } from "./plasticity/objectives/target-inputs.ts";
export { type UnitLoss, unitLoss, valueSettings } from "./plasticity/objectives/unit-loss.ts";
export { adam, adamw } from "./plasticity/optimisers/adam.ts";
export { momentum } from "./plasticity/optimisers/momentum.ts";
export { defineOptimiser, type Optimiser } from "./plasticity/optimisers/optimiser.ts";
export { sgd } from "./plasticity/optimisers/sgd.ts";
export type { PlasticCircuit } from "./plasticity/plastic-circuit.ts";
export { bp } from "./plasticity/rules/bp.ts";
export { byPathway } from "./plasticity/rules/by-pathway.ts";
export { dfa } from "./plasticity/rules/dfa.ts";
export { fa } from "./plasticity/rules/fa.ts";
export { gevb } from "./plasticity/rules/gevb.ts";
export { nodePerturbation } from "./plasticity/rules/node-perturbation.ts";
export { defineRule, type FixedValue, type LearningRule, type RuleMemory } from "./plasticity/rules/rule.ts";
export { threeFactor } from "./plasticity/rules/three-factor.ts";
export type { Evaluation, MetricWords, RunSummary } from "./records/learning-record.ts";
export { metricIn, metricsOf } from "./records/metrics.ts";
export type { Chapter, MeasuredRun, Quantity, Reported, ReportFile } from "./report/chapter.ts";
export { type Condition, conditionsOf } from "./report/conditions.ts";
export type { Figure } from "./report/figures/figure.ts";
export { figure, type OwnFigure } from "./report/figures/own-figure.ts";
export type { FigureFiles, FigureFormat } from "./report/files/figure-format.ts";
export type { Table } from "./report/html/table.ts";
export type { KeptCircuit, RunRecord } from "./report/run-record.ts";
export { arrays, type GivenArrays } from "./tasks/arrays/arrays.ts";
export type { GivenArray } from "./tasks/arrays/given-arrays.ts";
export { sequentialBatches } from "./tasks/batches.ts";
export { cocoScenes } from "./tasks/coco/coco-scenes.ts";
export { doubleDigits } from "./tasks/digits/double-digits.ts";
export {
  type GeneratedStream,
  type GeneratedTarget,
  type GeneratedTask,
  type GeneratedTrial,
  generated,
  trialCounts,
} from "./tasks/generated/generated.ts";
export type { TrialValues } from "./tasks/generated/trial-values.ts";
export { cifar10 } from "./tasks/images/cifar10-task.ts";
export { digits } from "./tasks/images/digits-task.ts";
export { symbols } from "./tasks/images/symbols-task.ts";
export { digitScenes } from "./tasks/scenes/digit-scenes.ts";
export { generatedScenes } from "./tasks/scenes/generated/generated-scenes.ts";
export type { BatchTarget, TargetShape } from "./tasks/targets.ts";
export { defineTask, type Task, type TaskContext } from "./tasks/task.ts";
export type { RunEvent, RunListener } from "./training/events.ts";
export { heedingSteps } from "./training/heed.ts";
export { InterruptedError } from "./training/interrupted.ts";
export type { Learner } from "./training/learner.ts";
export type { MeasureContext } from "./training/measure.ts";
export type { Recording } from "./training/recording/observe.ts";
export type { Probe } from "./training/recording/probe.ts";
export type { ArrayLayout, FactorLayout, RecordingLayout } from "./training/recording/recording-layout.ts";
export type {
  RecordedTrials,
  RecordingOptions,
  RecordingStream,
  ShownTrials,
} from "./training/recording/recording-stream.ts";
export type { RunDescription, RunInput } from "./training/run-description.ts";
export { silent } from "./training/silent.ts";
export type { TrainedRun } from "./training/trained-run.ts";
