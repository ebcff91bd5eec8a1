/// Accuracy in parts of the scored pictures.
public struct SubgroupFacts: Sendable {
  /// What the parts differ in.
  public enum Kind: Sendable, CaseIterable {
    case plane, size, site
  }

  /// One part.
  public struct Group: Sendable {
    /// Names as they are shown; planes are "axial", "coronal", "unknown".
    public var name: String
    /// Indices into the predictions.
    public var pictures: [Int]

    /// - Parameter pictures: indices into the predictions.
    public init(_ name: String, pictures: [Int]) {
      self.name = name
      self.pictures = pictures
    }
  }

  /// By what the pictures are parted.
  public var kind: Kind
  /// In the order in which they are shown; no picture is in two of them.
  public var groups: [Group]

  /// - Parameters:
  ///   - kind: by what pictures are parted.
  ///   - groups: no picture in two of them.
  public init(_ kind: Kind, _ groups: [Group]) {
    self.kind = kind
    self.groups = groups
  }
}
