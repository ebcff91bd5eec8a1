import Testing
import Training

@Suite struct StageRecordTests {
  let record = StageRecord(inputs: ["EPOCHS": "5", "the data": String(repeating: "a", count: 64)], outputs: ["model": "d1"])

  @Test func `nothing changed is no reason`() {
    #expect(record.reasonsToRun(inputs: record.inputs, outputs: ["model": "d1"]).isEmpty)
  }

  @Test func `each change is named, short values with before and after`() {
    #expect(
      record.reasonsToRun(inputs: ["EPOCHS": "6", "the data": String(repeating: "b", count: 64)], outputs: ["model": "d1"])
        == ["EPOCHS changed from 5 to 6", "the data changed"])
    #expect(
      record.reasonsToRun(inputs: ["the data": record.inputs["the data"]!, "SEED": "1"], outputs: ["model": "d1"])
        == ["EPOCHS is gone", "SEED is new"])
  }

  @Test func `a source is never shown, however short it is`() {
    let record = StageRecord(inputs: ["the source": "/Perez"], outputs: [:])
    #expect(record.reasonsToRun(inputs: ["the source": "/Gomez"], outputs: [:]) == ["the source changed"])
  }

  @Test func `a missing or foreign output is a reason`() {
    #expect(record.reasonsToRun(inputs: record.inputs, outputs: ["model": nil]) == ["model is missing"])
    #expect(record.reasonsToRun(inputs: record.inputs, outputs: [:]) == ["model is missing"])
    #expect(record.reasonsToRun(inputs: record.inputs, outputs: ["model": "d2"]) == ["model was changed by somebody else"])
  }
}
