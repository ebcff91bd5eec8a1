import Digests
import Foundation
import Training

/// A `predictions.json` made of plain values, right or wrong.
struct PredictionFile {
  struct Row {
    var path: String
    var series: Int
    var label: String
    /// As they stand in the file.
    var probabilities: [String]
    /// What the digest is of; the path without.
    var content: String?
  }

  var classes = ["Normal", "Tumor"]
  var rows: [Row]
  var method = "series"
  var model = "model"
  var format = "nefro-predictions-1"
  var repeats = 1
  var scoredBy = "folds"
  /// A key with its value and a comma, as it stands in the file.
  var testSet = ""

  init(classes: [String] = ["Normal", "Tumor"], rows: [Row]) {
    self.classes = classes
    self.rows = rows
  }

  /// As many series of two pictures in each of two classes; a series' pictures are right or wrong together.
  ///
  /// - Parameter right: whether a series, counted within its class, is answered rightly.
  init(series: Int, right: (_ label: Int, _ number: Int) -> Bool) {
    let names = ["Normal", "Tumor"]
    rows = (0..<2).flatMap { label in
      (0..<series).flatMap { number in
        (0..<2).map { slice in
          let sure = 0.6 + 0.01 * Double((number * 7 + slice * 3) % 30)
          let tumor = (label == 1) == right(label, number) ? sure : 1 - sure
          return Row(
            path: "\(label)/\(number)-\(slice).png", series: label * series + number, label: names[label],
            probabilities: ["\(1 - tumor)", "\(tumor)"])
        }
      }
    }
  }

  var json: String {
    let pictures = rows.map { row in
      """
      {"path":"\(row.path)","sha256":"\(ContentDigest(of: row.content ?? row.path).hex)","series":\(row.series),\
      "label":"\(row.label)","probabilities":[\(row.probabilities.joined(separator: ","))]}
      """
    }
    let leakage =
      method == "series"
      ? "" : #""leakage":{"accepted_by":"--accept-leakage","scored_pictures":4,"trained_on":0,"of_trained_series":4},"#
    let digest = ContentDigest(of: model).hex
    return """
      {"format":"\(format)","classes":[\(classes.map { "\"\($0)\"" }.joined(separator: ","))],"model_digest":"\(digest)",\
      "data_digest":"\(digest)","repeats":\(repeats),"version":"test","split":{"method":"\(method)","seed":1,"digest":"d",\
      "scored_by":"\(scoredBy)",\(testSet)"images":\(rows.count),"series":1,"series_basis":"look",\(leakage)"warnings":[]},\
      "pictures":[\(pictures.joined(separator: ","))]}
      """
  }

  func record() throws -> PredictionRecord { try PredictionRecord(json: Data(json.utf8), path: "p.json") }
}
