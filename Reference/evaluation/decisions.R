# Areas, tests and calibration from pROC and rms for the cases on standard input (JSON), as JSON.
# Called by decisions.py; run by hand: Rscript decisions.R < cases.json
suppressMessages({library(jsonlite); library(pROC); library(rms)})
cases <- fromJSON(file("stdin"), simplifyDataFrame = FALSE)
answer <- lapply(cases, function(case) {
  first <- roc(case$positive, case$first, levels = c(FALSE, TRUE), direction = "<", quiet = TRUE)
  second <- roc(case$positive, case$second, levels = c(FALSE, TRUE), direction = "<", quiet = TRUE)
  test <- roc.test(first, second, method = "delong", paired = TRUE)
  best <- coords(first, "best", best.method = "youden", ret = c("sensitivity", "specificity"), transpose = FALSE)
  fit <- val.prob(case$first, as.numeric(case$positive), pl = FALSE)
  list(auc = as.numeric(auc(first)), variance = var(first, method = "delong"),
       covariance = cov(first, second, method = "delong"),
       statistic = as.numeric(test$statistic), low = ci(first, method = "delong")[1],
       youden = max(best$sensitivity + best$specificity - 1),
       intercept = unname(fit["Intercept"]), slope = unname(fit["Slope"]), brier = unname(fit["Brier"]))
})
cat(toJSON(answer, auto_unbox = TRUE, digits = NA))
