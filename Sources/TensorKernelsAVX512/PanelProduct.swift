import CProcessor

/// C (+)= A × B for neighbouring panels of sixteen columns: the micro-kernel under every convolution and matrix
/// product.
///
/// Up to fourteen rows by two panels of C stay in 28 registers while the sum runs over A's columns (Goto and van de
/// Geijn 2008; the BLIS papers). Two panels share each element of A that is spread over a register; with one, every
/// multiplication would need a load of its own, as many as the processor can do. One element of C is one chain of
/// multiply-adds in the order of the sum, however the rows are grouped, so a result does not depend on blocking.
///
/// A need not be a packed matrix: element (row, i) of segment s is `a[row * aRow + s * segmentStride + i * aStep]`.
/// That covers a plain matrix (one segment), a transposed one (`aRow` 1), and the window of a
/// convolution, where a segment is one row of the window. There is at least one segment, and at least one
/// element in it.
///
/// - Parameters:
///   - columns: Of all panels together; the last panel may have fewer than sixteen.
///   - b: Row (s * segmentLength + i) of panel p starts at `b + p * bPanel + (s * segmentLength + i) * bStep`; sixteen
///     elements of each are read, even where the panel has fewer columns.
///   - c: Row r of panel p starts at `c + p * cPanel + r * cRow`.
///   - accumulate: Add what is in C to the finished sum, else overwrite it.
///   - bias: Sixteen values for each panel to add, one a column.
@inline(never)
package func panelProduct(
  rows: Int, columns: Int,
  a: UnsafePointer<Float>, aRow: Int, aStep: Int,
  segments: Int, segmentLength: Int, segmentStride: Int,
  b: UnsafePointer<Float>, bStep: Int, bPanel: Int,
  c: UnsafeMutablePointer<Float>, cRow: Int, cPanel: Int, accumulate: Bool,
  bias: UnsafePointer<Float>?, relu: Bool
) {
  guard rows > 0 else { return }
  // Groups of nearly equal size: 49 rows are 12 and 13 at a time, not three fourteens and a slow seven.
  let groups = (rows + 13) / 14
  let smaller = rows / groups
  let larger = rows % groups
  let elements = segments * segmentLength
  // Sums that are not the result yet go here: 14 rows of two panels.
  var room = (
    SIMD64<Float>(), SIMD64<Float>(), SIMD64<Float>(), SIMD64<Float>(), SIMD64<Float>(), SIMD64<Float>(),
    SIMD64<Float>()
  )
  withUnsafeMutablePointer(to: &room) { room in
    let sums = UnsafeMutableRawPointer(room).assumingMemoryBound(to: Float.self)
    var column = 0
    while column < columns {
      let width = min(2 * panelWidth, columns - column)
      let isPair = width > panelWidth
      let isResult = !accumulate && bias == nil && !relu && width % panelWidth == 0
      let panel = column / panelWidth
      let bPair = b + panel * bPanel
      // What follows these panels in memory is most often the next to be used. The groups of rows ask for it
      // in turns, a few bytes further at each step, so that it comes while these are worked on.
      let aheadStep = (isPair ? 2 * panelWidth : panelWidth) * 4 / groups + 1
      var ahead = UnsafeRawPointer(bPair + (isPair ? 2 * bPanel : elements * bStep))
      var aGroup = a
      var cGroup = c + panel * cPanel
      var group = 0
      while group < groups {
        let count = group < larger ? smaller + 1 : smaller
        let operands: Operands = (
          aGroup, aRow, aStep, segments, segmentLength, segmentStride, bPair, bStep, bPanel, ahead, aheadStep,
          isResult ? cGroup : sums, isResult ? cRow : 2 * panelWidth, isResult ? cPanel : panelWidth
        )
        if isPair { twoPanels(count, operands) } else { onePanel(count, operands) }
        if !isResult {
          finish(sums, count, width, cGroup, cRow, cPanel, accumulate, bias.map { $0 + column }, relu)
        }
        aGroup += count * aRow
        ahead += elements * aheadStep
        cGroup += count * cRow
        group += 1
      }
      column += width
    }
  }
}

/// What a group of rows is computed from. A tuple, not a structure: a type of its own would have functions that the
/// linker shares with other modules.
private typealias Operands = (
  a: UnsafePointer<Float>, aRow: Int, aStep: Int, segments: Int, segmentLength: Int, segmentStride: Int,
  b: UnsafePointer<Float>, bStep: Int, bPanel: Int, ahead: UnsafeRawPointer, aheadStep: Int,
  c: UnsafeMutablePointer<Float>, cRow: Int, cPanel: Int
)

// Each count of rows has a function of its own, since the compiler stops inlining in functions that grow large.

@inline(__always)
private func onePanel(_ count: Int, _ o: Operands) {
  switch count {
  case 14: onePanel14(o)
  case 13: onePanel13(o)
  case 12: onePanel12(o)
  case 11: onePanel11(o)
  case 10: onePanel10(o)
  case 9: onePanel9(o)
  case 8: onePanel8(o)
  case 7: onePanel7(o)
  case 6: onePanel6(o)
  case 5: onePanel5(o)
  case 4: onePanel4(o)
  case 3: onePanel3(o)
  case 2: onePanel2(o)
  default: onePanel1(o)
  }
}

@inline(__always)
private func twoPanels(_ count: Int, _ o: Operands) {
  switch count {
  case 14: twoPanels14(o)
  case 13: twoPanels13(o)
  case 12: twoPanels12(o)
  case 11: twoPanels11(o)
  case 10: twoPanels10(o)
  case 9: twoPanels9(o)
  case 8: twoPanels8(o)
  case 7: twoPanels7(o)
  case 6: twoPanels6(o)
  case 5: twoPanels5(o)
  case 4: twoPanels4(o)
  case 3: twoPanels3(o)
  case 2: twoPanels2(o)
  default: twoPanels1(o)
  }
}

@inline(never) private func onePanel1(_ o: Operands) { rowGroup(1, isPair: false, o) }
@inline(never) private func onePanel2(_ o: Operands) { rowGroup(2, isPair: false, o) }
@inline(never) private func onePanel3(_ o: Operands) { rowGroup(3, isPair: false, o) }
@inline(never) private func onePanel4(_ o: Operands) { rowGroup(4, isPair: false, o) }
@inline(never) private func onePanel5(_ o: Operands) { rowGroup(5, isPair: false, o) }
@inline(never) private func onePanel6(_ o: Operands) { rowGroup(6, isPair: false, o) }
@inline(never) private func onePanel7(_ o: Operands) { rowGroup(7, isPair: false, o) }
@inline(never) private func onePanel8(_ o: Operands) { rowGroup(8, isPair: false, o) }
@inline(never) private func onePanel9(_ o: Operands) { rowGroup(9, isPair: false, o) }
@inline(never) private func onePanel10(_ o: Operands) { rowGroup(10, isPair: false, o) }
@inline(never) private func onePanel11(_ o: Operands) { rowGroup(11, isPair: false, o) }
@inline(never) private func onePanel12(_ o: Operands) { rowGroup(12, isPair: false, o) }
@inline(never) private func onePanel13(_ o: Operands) { rowGroup(13, isPair: false, o) }
@inline(never) private func onePanel14(_ o: Operands) { rowGroup(14, isPair: false, o) }

@inline(never) private func twoPanels1(_ o: Operands) { rowGroup(1, isPair: true, o) }
@inline(never) private func twoPanels2(_ o: Operands) { rowGroup(2, isPair: true, o) }
@inline(never) private func twoPanels3(_ o: Operands) { rowGroup(3, isPair: true, o) }
@inline(never) private func twoPanels4(_ o: Operands) { rowGroup(4, isPair: true, o) }
@inline(never) private func twoPanels5(_ o: Operands) { rowGroup(5, isPair: true, o) }
@inline(never) private func twoPanels6(_ o: Operands) { rowGroup(6, isPair: true, o) }
@inline(never) private func twoPanels7(_ o: Operands) { rowGroup(7, isPair: true, o) }
@inline(never) private func twoPanels8(_ o: Operands) { rowGroup(8, isPair: true, o) }
@inline(never) private func twoPanels9(_ o: Operands) { rowGroup(9, isPair: true, o) }
@inline(never) private func twoPanels10(_ o: Operands) { rowGroup(10, isPair: true, o) }
@inline(never) private func twoPanels11(_ o: Operands) { rowGroup(11, isPair: true, o) }
@inline(never) private func twoPanels12(_ o: Operands) { rowGroup(12, isPair: true, o) }
@inline(never) private func twoPanels13(_ o: Operands) { rowGroup(13, isPair: true, o) }
@inline(never) private func twoPanels14(_ o: Operands) { rowGroup(14, isPair: true, o) }

/// `count` and `isPair` are literals at each call: after inlining, unused rows and the unused panel are gone.
@inline(__always)
private func rowGroup(_ count: Int, isPair: Bool, _ o: Operands) {
  // Loops that test at their end: with a test at the start, the compiler moves registers through the stack.
  var c00 = Vector()
  var c01 = Vector()
  var c10 = Vector()
  var c11 = Vector()
  var c20 = Vector()
  var c21 = Vector()
  var c30 = Vector()
  var c31 = Vector()
  var c40 = Vector()
  var c41 = Vector()
  var c50 = Vector()
  var c51 = Vector()
  var c60 = Vector()
  var c61 = Vector()
  var c70 = Vector()
  var c71 = Vector()
  var c80 = Vector()
  var c81 = Vector()
  var c90 = Vector()
  var c91 = Vector()
  var c100 = Vector()
  var c101 = Vector()
  var c110 = Vector()
  var c111 = Vector()
  var c120 = Vector()
  var c121 = Vector()
  var c130 = Vector()
  var c131 = Vector()
  let a0 = o.a
  let a1 = a0 + o.aRow
  let a2 = a1 + o.aRow
  let a3 = a2 + o.aRow
  let a4 = a3 + o.aRow
  let a5 = a4 + o.aRow
  let a6 = a5 + o.aRow
  let a7 = a6 + o.aRow
  let a8 = a7 + o.aRow
  let a9 = a8 + o.aRow
  let a10 = a9 + o.aRow
  let a11 = a10 + o.aRow
  let a12 = a11 + o.aRow
  let a13 = a12 + o.aRow
  let aStep = o.aStep
  let bStep = o.bStep
  let bPanel = o.bPanel
  let aheadStep = o.aheadStep
  var b = o.b
  var ahead = o.ahead
  var start = 0
  var segment = 0
  repeat {
    var index = start
    var remaining = o.segmentLength
    repeat {
      let b0 = load(b)
      let b1 = isPair ? load(b + bPanel) : b0
      let x = Vector(repeating: a0[index])
      c00 = multiplyAdd(x, b0, c00)
      if isPair { c01 = multiplyAdd(x, b1, c01) }
      if count > 1 {
        let x = Vector(repeating: a1[index])
        c10 = multiplyAdd(x, b0, c10)
        if isPair { c11 = multiplyAdd(x, b1, c11) }
      }
      if count > 2 {
        let x = Vector(repeating: a2[index])
        c20 = multiplyAdd(x, b0, c20)
        if isPair { c21 = multiplyAdd(x, b1, c21) }
      }
      if count > 3 {
        let x = Vector(repeating: a3[index])
        c30 = multiplyAdd(x, b0, c30)
        if isPair { c31 = multiplyAdd(x, b1, c31) }
      }
      if count > 4 {
        let x = Vector(repeating: a4[index])
        c40 = multiplyAdd(x, b0, c40)
        if isPair { c41 = multiplyAdd(x, b1, c41) }
      }
      if count > 5 {
        let x = Vector(repeating: a5[index])
        c50 = multiplyAdd(x, b0, c50)
        if isPair { c51 = multiplyAdd(x, b1, c51) }
      }
      if count > 6 {
        let x = Vector(repeating: a6[index])
        c60 = multiplyAdd(x, b0, c60)
        if isPair { c61 = multiplyAdd(x, b1, c61) }
      }
      if count > 7 {
        let x = Vector(repeating: a7[index])
        c70 = multiplyAdd(x, b0, c70)
        if isPair { c71 = multiplyAdd(x, b1, c71) }
      }
      if count > 8 {
        let x = Vector(repeating: a8[index])
        c80 = multiplyAdd(x, b0, c80)
        if isPair { c81 = multiplyAdd(x, b1, c81) }
      }
      if count > 9 {
        let x = Vector(repeating: a9[index])
        c90 = multiplyAdd(x, b0, c90)
        if isPair { c91 = multiplyAdd(x, b1, c91) }
      }
      if count > 10 {
        let x = Vector(repeating: a10[index])
        c100 = multiplyAdd(x, b0, c100)
        if isPair { c101 = multiplyAdd(x, b1, c101) }
      }
      if count > 11 {
        let x = Vector(repeating: a11[index])
        c110 = multiplyAdd(x, b0, c110)
        if isPair { c111 = multiplyAdd(x, b1, c111) }
      }
      if count > 12 {
        let x = Vector(repeating: a12[index])
        c120 = multiplyAdd(x, b0, c120)
        if isPair { c121 = multiplyAdd(x, b1, c121) }
      }
      if count > 13 {
        let x = Vector(repeating: a13[index])
        c130 = multiplyAdd(x, b0, c130)
        if isPair { c131 = multiplyAdd(x, b1, c131) }
      }
      nefro_processor_prefetch(ahead)
      ahead += aheadStep
      index += aStep
      b += bStep
      remaining -= 1
    } while remaining > 0
    start += o.segmentStride
    segment += 1
  } while segment < o.segments
  store(c00, o.c)
  if isPair { store(c01, o.c + o.cPanel) }
  if count > 1 {
    store(c10, o.c + o.cRow)
    if isPair { store(c11, o.c + o.cRow + o.cPanel) }
  }
  if count > 2 {
    store(c20, o.c + 2 * o.cRow)
    if isPair { store(c21, o.c + 2 * o.cRow + o.cPanel) }
  }
  if count > 3 {
    store(c30, o.c + 3 * o.cRow)
    if isPair { store(c31, o.c + 3 * o.cRow + o.cPanel) }
  }
  if count > 4 {
    store(c40, o.c + 4 * o.cRow)
    if isPair { store(c41, o.c + 4 * o.cRow + o.cPanel) }
  }
  if count > 5 {
    store(c50, o.c + 5 * o.cRow)
    if isPair { store(c51, o.c + 5 * o.cRow + o.cPanel) }
  }
  if count > 6 {
    store(c60, o.c + 6 * o.cRow)
    if isPair { store(c61, o.c + 6 * o.cRow + o.cPanel) }
  }
  if count > 7 {
    store(c70, o.c + 7 * o.cRow)
    if isPair { store(c71, o.c + 7 * o.cRow + o.cPanel) }
  }
  if count > 8 {
    store(c80, o.c + 8 * o.cRow)
    if isPair { store(c81, o.c + 8 * o.cRow + o.cPanel) }
  }
  if count > 9 {
    store(c90, o.c + 9 * o.cRow)
    if isPair { store(c91, o.c + 9 * o.cRow + o.cPanel) }
  }
  if count > 10 {
    store(c100, o.c + 10 * o.cRow)
    if isPair { store(c101, o.c + 10 * o.cRow + o.cPanel) }
  }
  if count > 11 {
    store(c110, o.c + 11 * o.cRow)
    if isPair { store(c111, o.c + 11 * o.cRow + o.cPanel) }
  }
  if count > 12 {
    store(c120, o.c + 12 * o.cRow)
    if isPair { store(c121, o.c + 12 * o.cRow + o.cPanel) }
  }
  if count > 13 {
    store(c130, o.c + 13 * o.cRow)
    if isPair { store(c131, o.c + 13 * o.cRow + o.cPanel) }
  }
}

/// Takes sums in rows of two panels to the result.
@inline(never)
private func finish(
  _ sums: UnsafePointer<Float>, _ rows: Int, _ columns: Int, _ c: UnsafeMutablePointer<Float>, _ cRow: Int,
  _ cPanel: Int, _ accumulate: Bool, _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  var column = 0
  while column < columns {
    let lanes = min(panelWidth, columns - column)
    let isWhole = lanes == panelWidth
    let added = bias.map { load($0 + column) } ?? Vector()
    var source = sums + column
    var target = c + column / panelWidth * cPanel
    var row = 0
    while row < rows {
      var sum = load(source)
      if accumulate { sum += isWhole ? load(target) : loadPartial(target, lanes) }
      sum += added
      if relu { sum = rectified(sum) }
      if isWhole { store(sum, target) } else { storePartial(sum, target, lanes) }
      source += 2 * panelWidth
      target += cRow
      row += 1
    }
    column += panelWidth
  }
}
