import Testing

/// A function that several modules define is kept once by the linker, in anybody's build. If that were one with AVX-512
/// instructions, code that runs before the processor has been asked would die on it. So the object files for special
/// instructions must define functions of their own module only.
@Suite(
  .enabled(
    if: ObjectFiles.canBeRead,
    "NOT TESTED: needs nm (binutils) and the object files beside the test program, as `swift build` leaves them"))
struct SharedFunctionTests {
  @Test(arguments: ["TensorKernelsAVX2", "TensorKernelsAVX512"])
  func `objects with special instructions define no function that other modules share`(module: String) throws {
    let functions = try ObjectFiles.functions(of: module)
    #expect(functions.contains { $0.contains("winogradInput") }, "these are not the kernels' objects")
    let foreign = functions.filter { !isOwn($0, of: module) }
    #expect(foreign.isEmpty, "\(module) defines \(foreign.joined(separator: ", "))")
  }

  @Test func `ordinary objects do define such functions, so the search can find them`() throws {
    #expect(try ObjectFiles.functions(of: "TensorKernels").contains { !isOwn($0, of: "TensorKernels") })
  }

  /// Swift's mangled names begin with the module's length and name.
  private func isOwn(_ symbol: String, of module: String) -> Bool {
    symbol.hasPrefix("$s\(module.utf8.count)\(module)")
  }
}
