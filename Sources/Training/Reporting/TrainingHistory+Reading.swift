extension TrainingHistory {
  /// What `csv` wrote; nil for anything else.
  init?(csv: String) {
    let lines = csv.split(separator: "\n")
    let plain = "epoch,learning_rate,loss,accuracy,val_loss,val_accuracy"
    guard let head = lines.first, head == plain || head == plain + ",mark" else { return nil }
    var mark: String?
    var epochs: [EpochRecord] = []
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count == (head == plain ? 6 : 7), let epoch = Int(cells[0]), let rate = Double(cells[1]), let loss = Double(cells[2]),
        let accuracy = Double(cells[3])
      else { return nil }
      if cells.count == 7 { mark = String(cells[6]) }
      epochs.append(
        EpochRecord(
          epoch: epoch, learningRate: rate, loss: loss, accuracy: accuracy, validationLoss: Double(cells[4]),
          validationAccuracy: Double(cells[5])))
    }
    self.init(epochs: epochs, mark: mark)
  }
}
