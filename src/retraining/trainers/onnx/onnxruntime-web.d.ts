/**
 * What is used of the optional package onnxruntime-web, so that the sources compile where it is not installed.
 * Of 1.30.0; `predict-rows.ts` alone may import it.
 */
declare module 'onnxruntime-web/wasm' {
  export type TensorData =
    | Float32Array
    | Float64Array
    | BigInt64Array
    | Int32Array
    | Uint8Array
    | readonly string[]

  export class Tensor {
    constructor(type: string, data: TensorData, dims: readonly number[])
    readonly type: string
    readonly data: TensorData
    readonly dims: readonly number[]
    dispose(): void
  }

  export interface ValueMetadata {
    readonly name: string
    readonly isTensor: boolean
    /** Of tensors alone. */
    readonly type?: string
    /** Of tensors alone; a size that is free is a name, or 2³² − 1. */
    readonly shape?: readonly (number | string)[]
  }

  export class InferenceSession {
    static create(
      model: Uint8Array,
      options: { readonly logSeverityLevel: number },
    ): Promise<InferenceSession>
    readonly inputMetadata: readonly ValueMetadata[]
    readonly outputMetadata: readonly ValueMetadata[]
    run(feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[]): Promise<Record<string, Tensor>>
  }

  export const env: { logLevel: string; readonly wasm: { numThreads: number } }
}
