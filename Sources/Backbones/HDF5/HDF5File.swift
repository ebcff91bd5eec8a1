import CHDF5
import Foundation
import NeuralNetworks

/// A dataset of 32-bit floats, or of floats that are converted to them.
struct HDF5Dataset: Equatable {
  /// From the file's root, without a leading "/".
  var path: String
  var shape: [Int]
  /// The text of the attribute `name` of the group that holds it, where Keras 3 writes the layer's name.
  var groupName: String?
}

/// Reads HDF5 files as if a stranger had sent them.
///
/// Only hard links are followed, so that no other file is opened; datasets that live in other files are not listed;
/// depth and count are limited; and nothing is read before its shape has been looked at.
struct HDF5File: ~Copyable {
  private let url: URL
  private let id: chdf5_id

  private static let maximumDepth = 16
  private static let maximumObjects = 20_000
  private static let maximumNameLength = 1024

  /// - Throws: `BackboneError.noHDF5`, or `.unreadable` if it is no HDF5 file.
  static func read<Result>(_ url: URL, _ body: (borrowing HDF5File) throws -> sending Result) throws -> Result {
    try HDF5Library.use {
      let file = try HDF5File(url)
      return try body(file)
    }
  }

  private init(_ url: URL) throws {
    self.url = url
    id = chdf5_open_file(url.path)
    guard id >= 0 else {
      throw BackboneError.unreadable(path: url.path, reason: "HDF5 cannot open it; it is damaged, cut short, or no HDF5 file")
    }
  }

  deinit {
    if id >= 0 { chdf5_close_file(id) }
  }

  /// Every dataset of floats in the file, in the order of names, group by group.
  ///
  /// - Parameter skipping: names of groups of the root that are not entered.
  func datasets(skipping skipped: Set<String> = []) throws -> [HDF5Dataset] {
    var found: [HDF5Dataset] = []
    var visited = 0
    try walk(id, path: [], skipping: skipped, visited: &visited, found: &found)
    return found
  }

  private func walk(
    _ group: chdf5_id, path: [String], skipping skipped: Set<String>, visited: inout Int, found: inout [HDF5Dataset]
  ) throws {
    let place = path.joined(separator: "/")
    guard path.count <= Self.maximumDepth else { throw unreadable("its groups are nested more than \(Self.maximumDepth) deep") }
    let count = chdf5_link_count(group)
    guard count >= 0 else { throw unreadable("its group '/\(place)' is damaged") }
    visited += Int(clamping: count)
    guard visited <= Self.maximumObjects else { throw unreadable("it holds more than \(Self.maximumObjects) objects") }
    let groupName = Self.text(of: group, attribute: "name")
    for index in 0..<UInt64(count) {
      let name = try linkName(in: group, index: index, place: place)
      guard !(path.isEmpty && skipped.contains(name)), chdf5_is_hard_link(group, name) else { continue }
      let object = chdf5_open_object(group, name)
      guard object >= 0 else { throw unreadable("'/\(place)/\(name)' is damaged") }
      defer { chdf5_close_object(object) }
      switch chdf5_object_kind(object) {
      case CHDF5_GROUP:
        try walk(object, path: path + [name], skipping: skipped, visited: &visited, found: &found)
      case CHDF5_DATASET:
        var information = chdf5_dataset_info()
        guard chdf5_describe_dataset(object, &information) >= 0 else {
          throw unreadable("the dataset '/\(place)/\(name)' is damaged")
        }
        guard information.is_float, information.is_contained, let shape = Self.shape(of: information) else { continue }
        found.append(HDF5Dataset(path: (path + [name]).joined(separator: "/"), shape: shape, groupName: groupName))
      default: continue
      }
    }
  }

  private func linkName(in group: chdf5_id, index: UInt64, place: String) throws -> String {
    var name = [CChar](repeating: 0, count: Self.maximumNameLength + 1)
    let length = chdf5_link_name(group, index, &name, name.count)
    guard length > 0, length <= Self.maximumNameLength,
      let text = String(validating: name[..<Int(length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    else { throw unreadable("a name in its group '/\(place)' is damaged or too long") }
    return text
  }

  private static func shape(of information: chdf5_dataset_info) -> [Int]? {
    withUnsafeBytes(of: information.dimensions) { raw in
      let dimensions = raw.bindMemory(to: UInt64.self).prefix(Int(information.rank)).compactMap { Int(exactly: $0) }
      return dimensions.count == Int(information.rank) && elementCount(of: dimensions) != nil ? dimensions : nil
    }
  }

  private static func text(of object: chdf5_id, attribute: String) -> String? {
    var text = [CChar](repeating: 0, count: maximumNameLength)
    guard chdf5_string_attribute(object, attribute, &text, text.count) >= 0 else { return nil }
    return String(validating: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The values of a dataset; the caller has judged its shape, which says how much memory it takes.
  func tensor(_ dataset: HDF5Dataset) throws -> Tensor {
    let object = chdf5_open_object(id, dataset.path)
    guard object >= 0 else { throw unreadable("the dataset '/\(dataset.path)' is damaged") }
    defer { chdf5_close_object(object) }
    var information = chdf5_dataset_info()
    guard chdf5_describe_dataset(object, &information) >= 0, Self.shape(of: information) == dataset.shape else {
      throw unreadable("the dataset '/\(dataset.path)' is damaged")
    }
    var tensor = Tensor(uninitialized: dataset.shape)
    let status = tensor.withUnsafeMutableValues { values in
      values.baseAddress.map { chdf5_read_floats(object, $0) } ?? 0
    }
    guard status >= 0 else {
      throw unreadable("the values of '/\(dataset.path)' cannot be read; the file is damaged or packed in an unknown way")
    }
    return tensor
  }

  private func unreadable(_ reason: String) -> BackboneError { .unreadable(path: url.path, reason: reason) }
}
