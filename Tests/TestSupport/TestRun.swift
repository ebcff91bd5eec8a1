import Foundation

/// What kind of test run this is.
public enum TestRun {
  /// Whether the long runs were asked for, with `NEFRO_TEST_FULL=1`; not set, empty or "0", they are left out.
  public static let isFull = !["", "0"].contains(ProcessInfo.processInfo.environment["NEFRO_TEST_FULL"] ?? "")
}
