import Foundation

/// The report's configuration, with parameters that are small and quick: 64 x 64 pictures, 4 epochs.
public enum SmallProjectFiles {
  /// Of `params.yaml`.
  public static let parameters = """
    AUGMENTATION: True
    IMAGE_SIZE: [64, 64, 3]
    BATCH_SIZE: 16
    INCLUDE_TOP: False
    EPOCHS: 4
    CLASSES: 2
    WEIGHTS: imagenet
    LEARNING_RATE: 0.01
    SEED: 7

    """

  /// Which hospital goes with them: 12 patients of two classes, drawn into `hospital`, in a second.
  public static let synthesis = [
    "synthesize", "--out", "hospital", "--patients", "12", "--seed", "4", "--slices", "3-4", "--size", "96",
  ]

  /// Writes `params.yaml` and `config/config.yaml`.
  ///
  /// - Parameter folder: the project's; created if it is not there.
  public static func write(to folder: URL) throws {
    let configuration = folder.appending(path: "config")
    try FileManager.default.createDirectory(at: configuration, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: packageRoot.appending(path: "config/config.yaml"), to: configuration.appending(path: "config.yaml"))
    try parameters.write(to: folder.appending(path: "params.yaml"), atomically: true, encoding: .utf8)
  }
}
