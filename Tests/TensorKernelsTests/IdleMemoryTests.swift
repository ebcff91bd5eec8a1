import TensorKernels
import Testing

struct IdleMemoryTests {
  private struct Piece: IdleMemory, Equatable {
    var count: Int
  }

  @Test func `the smallest piece that is large enough is taken`() {
    var idle = [5, 9, 7, 9].map(Piece.init)
    let taken = idle.take(count: 6)
    #expect(taken.fitting == Piece(count: 7) && taken.outgrown == nil)
    #expect(idle.map(\.count) == [5, 9, 9])
    #expect(idle.take(count: 5).fitting == Piece(count: 5))
  }

  @Test func `where none is large enough the largest makes room`() {
    var idle = [5, 9, 7].map(Piece.init)
    let taken = idle.take(count: 10)
    #expect(taken.fitting == nil && taken.outgrown == Piece(count: 9))
    #expect(idle.map(\.count) == [5, 7])
  }

  @Test func `where nothing waits nothing is taken`() {
    var idle: [Piece] = []
    let taken = idle.take(count: 0)
    #expect(taken.fitting == nil && taken.outgrown == nil)
  }
}
