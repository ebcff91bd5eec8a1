import CProcessor

/// C (+)= A × B for neighbouring panels of sixteen columns: the micro-kernel under every convolution and matrix
/// product.
///
/// Six rows by sixteen columns of C stay in twelve registers while the sum runs over A's columns
/// (Goto and van de Geijn 2008; the BLIS papers). One element of C is one chain of multiply-adds in
/// the order of the sum, however the rows are grouped, so a result does not depend on blocking.
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
  var b = b
  var c = c
  var bias = bias
  var remaining = columns
  while remaining > 0 {
    onePanel(
      rows, min(panelWidth, remaining), a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, c, cRow,
      accumulate, bias, relu)
    b += bPanel
    c += cPanel
    bias = bias.map { $0 + panelWidth }
    remaining -= panelWidth
  }
}

@inline(__always)
private func onePanel(
  _ rows: Int, _ columns: Int,
  _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ segments: Int, _ segmentLength: Int, _ segmentStride: Int,
  _ b: UnsafePointer<Float>, _ bStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  // Groups of nearly equal size: 49 rows are 5 and 6 at a time, not eight sixes and a slow single one.
  let groups = (rows + 5) / 6
  let smaller = rows / groups
  let larger = rows % groups
  // What follows this panel in memory is most often the next one to be used. The groups of rows ask for
  // it in turns, a few bytes further at each step, so that it comes while this one is worked on.
  let elements = segments * segmentLength
  let aheadStep = (panelWidth / groups + 1) * 4
  var ahead = UnsafeRawPointer(b + elements * bStep)
  var a = a
  var c = c
  var group = 0
  while group < groups {
    let count = group < larger ? smaller + 1 : smaller
    switch count {
    case 6:
      sixRows(
        columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow,
        accumulate, bias, relu)
    case 5:
      fiveRows(
        columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow,
        accumulate, bias, relu)
    case 4:
      fourRows(
        columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow,
        accumulate, bias, relu)
    case 3:
      threeRows(
        columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow,
        accumulate, bias, relu)
    case 2:
      twoRows(
        columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow,
        accumulate, bias, relu)
    default:
      oneRow(
        columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow,
        accumulate, bias, relu)
    }
    a += count * aRow
    ahead += elements * aheadStep
    c += count * cRow
    group += 1
  }
}

@inline(never)
private func sixRows(
  _ columns: Int,
  _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ segments: Int, _ segmentLength: Int, _ segmentStride: Int,
  _ b: UnsafePointer<Float>, _ bStep: Int, _ ahead: UnsafeRawPointer, _ aheadStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  rowGroup(
    6, columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow, accumulate,
    bias, relu)
}

@inline(never)
private func fiveRows(
  _ columns: Int,
  _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ segments: Int, _ segmentLength: Int, _ segmentStride: Int,
  _ b: UnsafePointer<Float>, _ bStep: Int, _ ahead: UnsafeRawPointer, _ aheadStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  rowGroup(
    5, columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow, accumulate,
    bias, relu)
}

@inline(never)
private func fourRows(
  _ columns: Int,
  _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ segments: Int, _ segmentLength: Int, _ segmentStride: Int,
  _ b: UnsafePointer<Float>, _ bStep: Int, _ ahead: UnsafeRawPointer, _ aheadStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  rowGroup(
    4, columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow, accumulate,
    bias, relu)
}

@inline(never)
private func threeRows(
  _ columns: Int,
  _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ segments: Int, _ segmentLength: Int, _ segmentStride: Int,
  _ b: UnsafePointer<Float>, _ bStep: Int, _ ahead: UnsafeRawPointer, _ aheadStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  rowGroup(
    3, columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow, accumulate,
    bias, relu)
}

@inline(never)
private func twoRows(
  _ columns: Int,
  _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ segments: Int, _ segmentLength: Int, _ segmentStride: Int,
  _ b: UnsafePointer<Float>, _ bStep: Int, _ ahead: UnsafeRawPointer, _ aheadStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  rowGroup(
    2, columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow, accumulate,
    bias, relu)
}

@inline(never)
private func oneRow(
  _ columns: Int,
  _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ segments: Int, _ segmentLength: Int, _ segmentStride: Int,
  _ b: UnsafePointer<Float>, _ bStep: Int, _ ahead: UnsafeRawPointer, _ aheadStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  rowGroup(
    1, columns, a, aRow, aStep, segments, segmentLength, segmentStride, b, bStep, ahead, aheadStep, c, cRow, accumulate,
    bias, relu)
}

/// `count` is a literal at each call: after inlining, the unused rows are gone. Each count has a function
/// of its own above, since the compiler stops inlining in functions that grow large.
@inline(__always)
private func rowGroup(
  _ count: Int, _ columns: Int,
  _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ segments: Int, _ segmentLength: Int, _ segmentStride: Int,
  _ b: UnsafePointer<Float>, _ bStep: Int, _ ahead: UnsafeRawPointer, _ aheadStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  // Loops that test at their end: with a test at the start, the compiler moves twelve registers through the stack.
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
  let a1 = a + aRow
  let a2 = a1 + aRow
  let a3 = a2 + aRow
  let a4 = a3 + aRow
  let a5 = a4 + aRow
  var b = b
  var ahead = ahead
  var start = 0
  var segment = 0
  repeat {
    var index = start
    var remaining = segmentLength
    repeat {
      let b0 = load(b)
      let b1 = load(b + 8)
      var x = Vector(repeating: a[index])
      c00 = multiplyAdd(x, b0, c00)
      c01 = multiplyAdd(x, b1, c01)
      if count > 1 {
        x = Vector(repeating: a1[index])
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
      }
      if count > 2 {
        x = Vector(repeating: a2[index])
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
      }
      if count > 3 {
        x = Vector(repeating: a3[index])
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
      }
      if count > 4 {
        x = Vector(repeating: a4[index])
        c40 = multiplyAdd(x, b0, c40)
        c41 = multiplyAdd(x, b1, c41)
      }
      if count > 5 {
        x = Vector(repeating: a5[index])
        c50 = multiplyAdd(x, b0, c50)
        c51 = multiplyAdd(x, b1, c51)
      }
      nefro_processor_prefetch(ahead)
      ahead += aheadStep
      index += aStep
      b += bStep
      remaining -= 1
    } while remaining > 0
    start += segmentStride
    segment += 1
  } while segment < segments
  finish(c00, c01, c, columns, accumulate, bias, relu)
  if count > 1 { finish(c10, c11, c + cRow, columns, accumulate, bias, relu) }
  if count > 2 { finish(c20, c21, c + 2 * cRow, columns, accumulate, bias, relu) }
  if count > 3 { finish(c30, c31, c + 3 * cRow, columns, accumulate, bias, relu) }
  if count > 4 { finish(c40, c41, c + 4 * cRow, columns, accumulate, bias, relu) }
  if count > 5 { finish(c50, c51, c + 5 * cRow, columns, accumulate, bias, relu) }
}

@inline(__always)
private func finish(
  _ left: Vector, _ right: Vector, _ c: UnsafeMutablePointer<Float>, _ columns: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  guard columns == 16 else {
    finishPartial(left, right, c, columns, accumulate, bias, relu)
    return
  }
  var left = left
  var right = right
  if accumulate {
    left += load(c)
    right += load(c + 8)
  }
  if let bias {
    left += load(bias)
    right += load(bias + 8)
  }
  if relu {
    left = rectified(left)
    right = rectified(right)
  }
  store(left, c)
  store(right, c + 8)
}

@inline(never)
private func finishPartial(
  _ left: Vector, _ right: Vector, _ c: UnsafeMutablePointer<Float>, _ columns: Int, _ accumulate: Bool,
  _ bias: UnsafePointer<Float>?, _ relu: Bool
) {
  var left = left
  var right = right
  if accumulate {
    left += loadPartial(c, columns)
    right += loadPartial(c + 8, columns - 8)
  }
  if let bias {
    left += load(bias)
    right += load(bias + 8)
  }
  if relu {
    left = rectified(left)
    right = rectified(right)
  }
  storePartial(left, c, columns)
  storePartial(right, c + 8, columns - 8)
}
