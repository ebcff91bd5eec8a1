/// What can be wrong with what a figure or a table is asked to show.
public enum ReportError: Error, Equatable, CustomStringConvertible {
  case differentLengths(array: String, expected: Int, actual: Int)

  public var description: String {
    switch self {
    case .differentLengths(let array, let expected, let actual):
      "\(array) has \(actual) entries where \(expected) were expected. "
        + "Give one entry an epoch, nil where there is none."
    }
  }
}
