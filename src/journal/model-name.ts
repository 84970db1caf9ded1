/** Which model. */
export interface ModelName {
  /** The driver. */
  readonly provider: string;
  /** The provider's name for the model. */
  readonly name: string;
}
