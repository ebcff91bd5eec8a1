import KidneyData
import MedicalImages
import ParallelWork
import Reports

extension SubgroupFacts {
  /// The parts of the scored pictures that can be told: planes, sizes, and sites where the data name them. A kind with one
  /// group alone is left out, since it compares nothing; but planes always stand, which were looked for.
  ///
  /// - Parameter pictures: indices into the data set, in the order of the predictions.
  /// - Throws: `MedicalImageError` for a picture that cannot be read any more.
  static func all(of pictures: [Int], in data: DataSet) throws -> [SubgroupFacts] {
    let planes = try parallelMap(pictures.count) { place in
      SlicePlane(try PictureReader.read(data.url(of: pictures[place])).picture).rawValue
    }
    let records = pictures.map { data.manifest.pictures[$0] }
    var found = [SubgroupFacts(.plane, groups(planes, order: SlicePlane.allCases.map(\.rawValue)))]
    let sizes = sizeNames(records.map { ($0.width, $0.height) })
    found.append(SubgroupFacts(.size, groups(sizes.names, order: sizes.order)))
    if records.contains(where: { $0.site != nil }) {
      let sites = records.map { $0.site ?? SlicePlane.unknown.rawValue }
      found.append(SubgroupFacts(.site, groups(sites, order: Set(sites).sorted())))
    }
    return found.filter { $0.kind == .plane || $0.groups.count > 1 }
  }

  private static func groups(_ names: [String], order: [String]) -> [Group] {
    order.compactMap { name in
      let members = names.indices.filter { names[$0] == name }
      return members.isEmpty ? nil : Group(name, pictures: members)
    }
  }

  /// Each size by itself where there are few, else classes of the longer side.
  private static func sizeNames(_ sizes: [(width: Int, height: Int)]) -> (names: [String], order: [String]) {
    let own = sizes.map { "\($0.width) x \($0.height)" }
    if Set(own).count <= 6 {
      let area = Dictionary(zip(own, sizes.map { $0.width * $0.height }), uniquingKeysWith: { first, _ in first })
      return (own, area.keys.sorted { (area[$0]!, $0) < (area[$1]!, $1) })
    }
    let limits = [256, 512, 640, 768, 1024]
    func name(_ longer: Int) -> String {
      guard let upper = limits.first(where: { longer <= $0 }) else { return "> \(limits[limits.count - 1]) px" }
      let lower = limits.last { $0 < upper }
      return lower.map { "\($0 + 1)–\(upper) px" } ?? "≤ \(upper) px"
    }
    return (sizes.map { name(max($0.width, $0.height)) }, (limits + [limits[limits.count - 1] + 1]).map(name))
  }
}
