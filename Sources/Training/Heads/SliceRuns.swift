import Foundation
import KidneyData
import MedicalImages

/// Runs of neighbouring slices: parts of one series, of one plane, that were counted on from each other.
///
/// Held out run by run, a patient's other slices are trained on: figures from that are too good for new patients, and
/// stand beside the honest ones to show by how much.
package enum SliceRuns {
  /// - Parameters:
  ///   - series: of each picture.
  ///   - origin: the set each picture came from.
  ///   - isUpright: whether each picture is coronal or sagittal.
  ///   - copies: the runs of exact copies become one, and those of near copies of one number in two sets: they are one
  ///     slice. Near copies of other numbers are neighbours; joined they would make whole series.
  ///   - length: of a run at most.
  /// - Returns: the run of each picture, 0-based and contiguous.
  package static func runs(
    _ data: DataSet, series: [Int], origin: [Int], isUpright: [Bool], copies: [CopyPair], length: Int
  ) -> [Int] {
    let numbers = data.manifest.pictures.map {
      NumberedName(($0.path as NSString).lastPathComponent).number ?? 0
    }
    var runs = [Int](repeating: 0, count: data.count)
    var next = 0
    let groups = Dictionary(grouping: data.labels.indices) { [series[$0], origin[$0], data.labels[$0]] }
    for key in groups.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let pictures = groups[key]!.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
      for stretch in stretches(of: pictures, numbers: numbers, isUpright: isUpright) {
        let parts = max(1, (stretch.count + length - 1) / length)
        for (place, picture) in stretch.enumerated() { runs[picture] = next + place * parts / stretch.count }
        next += parts
      }
    }
    return joined(
      runs, count: next,
      copies: copies.filter { pair in
        pair.kind != .nearCopy
          || (origin[pair.first] != origin[pair.second] && numbers[pair.first] == numbers[pair.second]
            && data.labels[pair.first] == data.labels[pair.second])
      })
  }

  /// A gap of more than three numbers, or another plane, begins a new stretch.
  private static func stretches(of pictures: [Int], numbers: [Int], isUpright: [Bool]) -> [[Int]] {
    var stretches: [[Int]] = []
    for picture in pictures {
      if let last = stretches.last?.last, numbers[picture] - numbers[last] <= 3, isUpright[picture] == isUpright[last] {
        stretches[stretches.count - 1].append(picture)
      } else {
        stretches.append([picture])
      }
    }
    return stretches
  }

  private static func joined(_ runs: [Int], count: Int, copies: [CopyPair]) -> [Int] {
    var first = Array(0..<count)
    func root(_ run: Int) -> Int {
      var run = run
      while first[run] != run { run = first[run] }
      return run
    }
    for pair in copies {
      let (a, b) = (root(runs[pair.first]), root(runs[pair.second]))
      first[max(a, b)] = min(a, b)
    }
    let roots = runs.map(root)
    let number = Dictionary(uniqueKeysWithValues: Set(roots).sorted().enumerated().map { ($1, $0) })
    return roots.map { number[$0]! }
  }

  /// Whether a slice is upright (coronal or sagittal): then the body reaches the picture's upper or lower edge, where an
  /// axial slice has air.
  ///
  /// - Parameter picture: grey, 256 x 256.
  package static func isUpright(_ picture: Picture) -> Bool {
    func bodyShare(_ rows: Range<Int>) -> Double {
      var body = 0
      for row in rows { for column in 64..<192 where picture.pixels[row * picture.width + column] > 30 { body += 1 } }
      return Double(body) / Double(rows.count * 128)
    }
    return bodyShare(0..<20) > 0.25 || bodyShare(244..<256) > 0.25
  }
}
