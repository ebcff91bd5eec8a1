import Backbones
import Digests
import Evaluation
import Foundation
import KidneyData
import MedicalImages
import RandomStreams
import Reports
import TensorKernels
import TestSupport
import Testing
import Training

@Suite struct LadderTests {
  /// A base with drawn weights for pictures of 32 x 32: no file is needed, and it sees patients' outlines all the same.
  private static func base() throws -> LadderBase {
    LadderBase(
      network: try VGG16.randomBase(seed: 9, inputShape: [32, 32, 3]), digest: ContentDigest(of: "drawn base"),
      preprocessing: try DrawnData.parameters().preprocessingSpecification)
  }

  private func runner(
    _ settings: LadderSettings, cache: FeatureCache? = nil, pool: ThreadPool = .shared
  ) -> LadderRunner {
    LadderRunner(settings: settings, cache: cache, version: "test", pool: pool, base: Self.base)
  }

  private func withHospital<Result>(
    _ options: SyntheticHospitalOptions, _ body: (URL) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "hospital")
      try SyntheticHospital.generate(to: root, options: options)
      return try body(root)
    }
  }

  @Test func `where slices of a patient are alike, a random split looks good and the placebo finds it out`() throws {
    let options = SyntheticHospitalOptions(patients: 16, seed: 3, slicesPerPatient: 9...9, pictureSize: 96)
    try withHospital(options) { root in
      let result = try runner(LadderSettings(folds: 4, repeats: 2, shuffles: 5, seed: 2)).run([root]) { _ in }
      let set = try #require(result.dataSets.first)
      #expect(result.dataSets.count == 1 && set.name == "hospital" && set.seriesBasis == "patient")
      #expect(set.rungs.map(\.kind) == [.random, .withoutCopies, .grouped])
      let (random, grouped) = (try #require(set.rungs[0].report), try #require(set.rungs[2].report))
      #expect(random.auc.value > grouped.auc.value + 0.1, "\(random.auc) \(grouped.auc)")
      #expect(random.accuracy.value > grouped.accuracy.value + 0.05, "\(random.accuracy) \(grouped.accuracy)")
      // Every picture is scored, and every figure says what it is.
      #expect(random.images == set.pictures && grouped.images == set.rungs[2].pictures)
      for (name, metric) in random.metrics.named { #expect(metric.method.hasSuffix("LEAKY split"), "\(name)") }
      for (name, metric) in grouped.metrics.named { #expect(!metric.method.contains("LEAKY"), "\(name)") }

      let placebo = try #require(set.placebo.onPage)
      #expect(placebo.grouped.verdict == .chance || placebo.grouped.verdict == .below, "\(placebo.grouped.mean)")
      #expect(placebo.random.verdict == .above && placebo.random.mean.value > 0.65, "\(placebo.random.mean)")
      #expect(placebo.grouped.intervals == 5 && placebo.grouped.holding >= 3, "\(placebo.grouped)")
      #expect(placebo.random.holding <= 2, "\(placebo.random)")
      #expect(
        result.summary.contains("LEAKY split") && result.summary.contains("looks good though the labels mean nothing"))
    }
  }

  @Test func `the same seed gives the same ladder, with any number of threads and from the cache`() throws {
    let options = SyntheticHospitalOptions(patients: 8, seed: 5, slicesPerPatient: 3...3, pictureSize: 96)
    try withHospital(options) { root in
      let settings = LadderSettings(folds: 3, repeats: 2, shuffles: 2, seed: 7)
      let cache = FeatureCache(folder: root.appending(path: "../cache"))
      let first = try runner(settings, cache: cache, pool: ThreadPool(threads: 1)).run([root]) { _ in }
      let second = try runner(settings, cache: cache, pool: ThreadPool(threads: 3)).run([root]) { _ in }
      #expect(first == second)
      #expect(try JSONDecoder().decode(LadderResult.self, from: Data(first.json().utf8)) == first)
      var other = settings
      other.seed = 8
      #expect(try runner(other, cache: cache).run([root]) { _ in }.dataSets != first.dataSets)
    }
  }

  @Test func `copies are left out from the second rung on, both sides where they lie under two classes`() throws {
    let options = SyntheticHospitalOptions(
      patients: 12, seed: 2, slicesPerPatient: 3...3, pictureSize: 192, exactCopies: 4, conflictingCopies: 2)
    try withHospital(options) { root in
      let result = try runner(LadderSettings(folds: 3, repeats: 1, shuffles: 2)).run([root]) { _ in }
      let set = result.dataSets[0]
      #expect(set.copies.pairs >= 6 && set.copies.removed >= 4 && set.copies.conflicting >= 4)
      #expect(set.rungs[0].pictures == set.pictures)
      for rung in set.rungs[1...] {
        #expect(rung.pictures == set.pictures - set.copies.removed - set.copies.conflicting)
      }
    }
  }

  @Test func `a class with one series has no third rung and no placebo, and the reason is told`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "data")
      let data = try DrawnData.make(in: root, patients: 3, slices: 4)
      var records = data.manifest.pictures
      for place in records.indices where records[place].className == "Tumor" { records[place].patient = "one" }
      try DataManifest(source: "drawn", pictures: records).save(to: root)
      let result = try runner(LadderSettings(folds: 3, repeats: 1, shuffles: 2)).run([root]) { _ in }
      let set = result.dataSets[0]
      #expect(set.rungs[0].report != nil && set.rungs[2].report == nil)
      #expect(set.rungs[2].reason?.contains("class 'Tumor' has 1 series") == true)
      #expect(set.placebo.grouped == nil && set.placebo.reason?.contains("'Tumor'") == true)
      #expect(result.summary.contains("not possible: class 'Tumor' has 1 series"))
      for language in Language.allCases {
        #expect(
          result.page.document(in: language).html.contains(
            language == .english ? "has 1 series" : "series de la clase «Tumor»: 1"))
      }
    }
  }

  @Test func `json and pages are written, and the pages need nothing else`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "a <b> & c")
      _ = try DrawnData.make(in: root, patients: 5, slices: 3)
      let result = try runner(LadderSettings(folds: 3, repeats: 1, shuffles: 2)).run([root, root]) { _ in }
      #expect(result.dataSets.count == 2 && result.dataSets[0] == result.dataSets[1])
      let out = folder.appending(path: "out")
      try result.write(to: out)
      let names = try FileManager.default.contentsOfDirectory(atPath: out.path).sorted()
      #expect(names == ["ladder.en.html", "ladder.es.html", "ladder.json"])
      for language in Language.allCases {
        let page = try String(contentsOf: out.appending(path: LadderResult.pageName(in: language)), encoding: .utf8)
        #expect(page.contains("a &lt;b&gt; &amp; c") && !page.contains("a <b>"))
        #expect(page.contains(language == .english ? "LEAKY split" : "división CON FUGA"))
        #expect(!page.replacing("http://www.w3.org/2000/svg", with: "").contains("http:"))
        #expect(!page.contains("https:") && !page.contains("<script"))
      }
    }
  }

  @Test func `joined sets are one, grey and of one size, and it is measured whether they can be told apart`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (folder.appending(path: "first"), folder.appending(path: "second"))
      _ = try DrawnData.make(in: first, classes: ["Normal", "Tumor"], patients: 3, slices: 3, side: 48)
      _ = try DrawnData.make(in: second, classes: ["Cyst", "Normal", "Tumor"], patients: 3, slices: 4, side: 40)
      let result = try runner(LadderSettings(folds: 3, repeats: 1, shuffles: 2)).run([first, second], joins: true) {
        _ in
      }
      #expect(result.dataSets.map { $0.join?.isOfCommonClasses } == [nil, nil, false, true])
      let (all, common) = (result.dataSets[2], result.dataSets[3])
      #expect(all.classes == ["Cyst", "Normal", "Tumor"] && common.classes == ["Normal", "Tumor"])
      #expect(all.name == "first + second" && all.pictures == 18 + 36 && common.pictures == 18 + 24)
      let join = try #require(all.join)
      #expect(join.partialClasses == ["Cyst"] && common.join?.partialClasses == [])
      #expect(join.preprocessing.hasPrefix("grey-40x40-lanczos-32x32"))
      #expect(
        join.parts.map(\.dataDigest) == result.dataSets[..<2].map(\.dataDigest)
          && join.parts.map(\.pictures) == [18, 36])
      #expect((join.origin == nil) == (join.originReason != nil))
      // Six patients a class of both sets: what one set alone has no interval for.
      #expect(result.dataSets[0].rungs[2].report?.auc.hasInterval == false)
      #expect(common.rungs.allSatisfy { $0.report?.auc.hasInterval == true })
      #expect(result.summary.contains("Not in every set: Cyst"))
      #expect(try JSONDecoder().decode(LadderResult.self, from: Data(result.json().utf8)) == result)
      #expect(throws: KidneyDataError.self) { try runner(LadderSettings()).run([first, first], joins: true) { _ in } }
    }
  }

  @Test func `sets without two classes in common have no ladder of common classes`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (folder.appending(path: "first"), folder.appending(path: "second"))
      _ = try DrawnData.make(in: first, classes: ["A", "B"], patients: 3, slices: 3)
      _ = try DrawnData.make(in: second, classes: ["B", "C"], patients: 3, slices: 4)
      let result = try runner(LadderSettings(folds: 3, repeats: 1, shuffles: 2)).run([first, second], joins: true) {
        _ in
      }
      #expect(result.dataSets.count == 3 && result.dataSets[2].join?.partialClasses == ["A", "C"])
    }
  }

  @Test func `a file that is no ladder is an error that says why`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "data")
      _ = try DrawnData.make(in: root, patients: 5, slices: 3)
      let result = try runner(LadderSettings(folds: 3, repeats: 1, shuffles: 2)).run([root]) { _ in }
      try result.write(to: folder)
      let file = folder.appending(path: LadderResult.fileName)
      #expect(try LadderResult.load(from: file, shown: "ladder.json") == result)
      #expect(throws: ReportingError.noLadder(path: "x")) {
        try LadderResult.load(from: folder.appending(path: "x"), shown: "x")
      }
      let text = try result.json()
      for (broken, reason) in [
        ("{", "it is no JSON of a ladder"), (String(text.dropLast(40)), "it is no JSON of a ladder"),
        ("{}", "'version' is missing"), (text.replacing("\"repeats\" : 1", with: "\"repeats\" : \"1\""), "'"),
        (text.replacing("\"data_sets\"", with: "\"sets\""), "'data_sets' is missing"),
      ] {
        try broken.write(to: file, atomically: true, encoding: .utf8)
        do {
          _ = try LadderResult.load(from: file, shown: "ladder.json")
          Issue.record("no error for \(reason)")
        } catch ReportingError.badLadder(let path, let told) {
          #expect(path == "ladder.json" && told.hasPrefix(reason), "\(told)")
        }
      }
    }
  }

  @Test func `the cross-validation by inner products answers as a fit to features does`() throws {
    var stream = RandomStream(seed: 6, 1)
    let (count, features) = (36, 50)
    let labels = (0..<count).map { $0 % 3 }
    let rows = (0..<count * features).map { Float(stream.normal()) + Float(labels[$0 / features]) * 0.2 + 3 }
    let pictures = Array((0..<count).filter { $0 % 7 != 0 }.reversed())
    let own = pictures.map { labels[$0] }
    let foldOf = pictures.indices.map { $0 % 4 }
    let gram = GramMatrix(
      rows: rows, features: features, centre: [Double](repeating: 1, count: features), pool: .shared)
    var fits = 0
    let answers = try GramCrossValidation(gram: gram, pool: .shared).answers(
      of: pictures, labels: own, classCount: 3, foldOf: foldOf
    ) { fits += 1 }
    #expect(fits == 4 && answers.unconverged == 0)
    func values(_ places: [Int]) -> [Float] {
      places.flatMap { rows[pictures[$0] * features..<(pictures[$0] + 1) * features] }
    }
    for fold in 0..<4 {
      let known = pictures.indices.filter { foldOf[$0] != fold }
      let asked = pictures.indices.filter { foldOf[$0] == fold }
      let model = try LogisticRegression(
        rows: values(known), features: features, labels: known.map { own[$0] }, classCount: 3,
        settings: .init(lambda: 1 / Double(known.count), classWeights: .balanced, gradientTolerance: 1e-10),
        byGram: false)
      for (place, expected) in zip(asked, model.probabilities(of: values(asked))) {
        for (a, b) in zip(answers.probabilities[place], expected) { #expect(abs(a - b) < 1e-4) }
      }
    }
  }
}
