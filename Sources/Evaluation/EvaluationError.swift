/// What can be wrong with predictions or settings handed to this module.
///
/// Pictures are named by their place in the arrays, counted from 0, never by file name: a file name
/// can carry a patient's.
public enum EvaluationError: Error, Equatable, CustomStringConvertible {
  case noPictures
  case differentLengths(array: String, expected: Int, actual: Int)
  case notFinite(picture: Int, column: String)
  case probabilityOutOfRange(picture: Int, className: String, actual: Double)
  case probabilitiesDoNotSumToOne(picture: Int, actual: Double)
  case labelOutOfRange(picture: Int, actual: Int, classes: Int)
  case tooFewClasses(actual: Int)
  case repeatedClass(String)
  case unknownClass(String, known: [String])
  case classWithoutPictures(String, classes: [String])
  case oneSideOnly(positives: Int, negatives: Int)
  case tooFewForVariance(needed: Int, positives: Int, negatives: Int, unit: String)
  case settingOutOfRange(setting: String, actual: String, range: String)

  case separable(fit: String)
  case constantProbabilities(fit: String)
  case didNotConverge(fit: String, iterations: Int)
  case temperatureNotPositive(inverse: Double)
  case notTheSamePictures(array: String)

  public var description: String {
    switch self {
    case .noPictures:
      "There is nothing to evaluate: no predictions were given. "
        + "Check that the evaluated part of the split is not empty."
    case .differentLengths(let array, let expected, let actual):
      "\(array) has \(actual) entries where \(expected) were expected. "
        + "Give one label, one row of probabilities and one series number for each picture."
    case .notFinite(let picture, let column):
      "The \(column) of picture \(picture) is not a finite number. "
        + "The network diverged or its weights are damaged: lower the learning rate or verify the weights."
    case .probabilityOutOfRange(let picture, let className, let actual):
      "The probability of class \(className) for picture \(picture) is \(actual), outside 0...1. "
        + "Pass probabilities (after softmax), not logits."
    case .probabilitiesDoNotSumToOne(let picture, let actual):
      "The probabilities of picture \(picture) sum to \(actual), not to 1. "
        + "Pass one probability for each class, after softmax."
    case .labelOutOfRange(let picture, let actual, let classes):
      "The label of picture \(picture) is \(actual), outside 0..<\(classes). Labels count the classes from 0."
    case .tooFewClasses(let actual):
      "A classifier needs at least two classes, but \(actual) were given."
    case .repeatedClass(let name):
      "Class \(name) is listed twice. Give each class one name."
    case .unknownClass(let name, let known):
      "There is no class \(name). Known classes: \(known.joined(separator: ", "))."
    case .classWithoutPictures(let name, let classes):
      "No picture of class \(name) is among those evaluated, so sensitivity, specificity and AUC are undefined. "
        + "Evaluate pictures of every class: \(classes.joined(separator: ", "))."
    case .oneSideOnly(let positives, let negatives):
      "An AUC compares positives with negatives, but there are \(positives) positives and \(negatives) negatives. "
        + "Give at least one of each."
    case .tooFewForVariance(let needed, let positives, let negatives, let unit):
      "The variance of an AUC needs at least \(needed) \(unit) with positives and as many with negatives, "
        + "but there are \(positives) and \(negatives)."
    case .separable(let fit):
      "The \(fit) has no finite solution: the probabilities separate the classes completely. "
        + "Give more validation series, or use the fit with smoothed targets."
    case .constantProbabilities(let fit):
      "The \(fit) has no slope: every picture was given the same probability. "
        + "Train the model longer, or check that its weights were loaded."
    case .didNotConverge(let fit, let iterations):
      "The \(fit) did not converge in \(iterations) steps. Check the probabilities for extreme values."
    case .temperatureNotPositive(let inverse):
      "No temperature fits: the best inverse temperature is \(inverse), so higher probabilities go with wrong "
        + "answers. Check that labels and classes are in the same order."
    case .notTheSamePictures(let array):
      "The \(array) of two sets of predictions differ. Compare predictions of the same pictures, in the same order, with the same "
        + "classes and series."
    case .settingOutOfRange(let setting, let actual, let range):
      "\(setting) is \(actual), outside \(range)."
    }
  }
}
