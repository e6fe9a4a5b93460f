/**
 * Kernels whose answer to NaN and infinities is part of their definition, by name, with the inputs that may hold them
 * in a run that diverges. The softmax kernels are not here: with an infinite score they answer NaN, their limits are finite.
 * Nor are updates through windows: whether the zeros beyond a border meet a NaN of the error is left open.
 */
export const specialInputs: Readonly<Record<string, readonly string[]>> = {
  "matrix-product": ["left", "right"],
  "matrix-product-right-transposed": ["left", "right"],
  "matrix-product-left-transposed": ["left", "right"],
  "convolution-drive": ["rates"],
  "local-drive": ["rates"],
  "convolution-transport": ["error"],
  "local-transport": ["error"],
  "average-pool": ["rates"],
  "average-pool-transport": ["error"],
  "max-pool": ["rates"],
  "max-pool-transport": ["error"],
  "sum-positions": ["values"],
  add: ["left", "right"],
  multiply: ["left", "right"],
  "add-bias": ["drive", "bias"],
  relu: ["values"],
  "relu-slope": ["values"],
  "alternating-relu": ["values"],
  "alternating-relu-slope": ["values"],
  tanh: ["values"],
  sigmoid: ["values"],
  softplus: ["values"],
  "vector-gate-mask": ["drive"],
  "apply-gate": ["values", "mask"],
  "spread-vector": ["vector", "scale"],
  "project-on-vector": ["rates", "vector"],
  "wrong-decision": ["scores"],
  "row-products": ["left", "right"],
  "sgd-step": ["weight", "gradient"],
  "momentum-step": ["weight", "gradient", "velocity"],
  "adam-step": ["weight", "gradient", "firstMoment", "secondMoment"],
};
