import Foundation

/// What an epoch did.
public struct EpochRecord: Codable, Equatable, Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// The rate of the epoch's last step.
  public var learningRate: Double
  /// Mean over the epoch's training pictures, each measured just before its step, dropout and
  /// augmentation included: Keras's running figure.
  public var loss: Double
  public var accuracy: Double
  /// Over the validation pictures, after the epoch; nil if there are none.
  public var validationLoss: Double?
  public var validationAccuracy: Double?

  public init(
    epoch: Int, learningRate: Double, loss: Double, accuracy: Double, validationLoss: Double?,
    validationAccuracy: Double?
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.loss = loss
    self.accuracy = accuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
  }
}

/// A training's epochs, in order.
public struct TrainingHistory: Codable, Equatable, Sendable {
  public var epochs: [EpochRecord] = []
  /// What must stand beside every figure, such as "LEAKY split"; nil where nothing must.
  public var mark: String?

  public init(epochs: [EpochRecord] = [], mark: String? = nil) {
    self.epochs = epochs
    self.mark = mark
  }

  /// The epoch with the lowest validation loss, the first of equals; nil without validation.
  public var best: EpochRecord? {
    epochs.filter { $0.validationLoss?.isFinite == true }.min { $0.validationLoss! < $1.validationLoss! }
  }

  /// Comma-separated, with a header line. Numbers read back to the same bits. A mark is a last column, in every row.
  public var csv: String {
    var lines = ["epoch,learning_rate,loss,accuracy,val_loss,val_accuracy" + (mark == nil ? "" : ",mark")]
    for record in epochs {
      lines.append(
        [
          String(record.epoch), String(record.learningRate), String(record.loss), String(record.accuracy),
          record.validationLoss.map { String($0) } ?? "", record.validationAccuracy.map { String($0) } ?? "",
        ].joined(separator: ",") + (mark.map { ",\($0)" } ?? ""))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
