# Scales: psych::alpha, alpha.ci, item statistics, scoreItems and describe. psych does not compute with an item that
# everybody answers alike, so that alpha of such a scale is written out here from its definition.
suppressMessages({library(psych); library(jsonlite)})
options(digits = 17, warn = -1)
block <- function(x) {
  C <- cov(x, use = "pairwise")
  if (any(diag(C) == 0)) {
    rest <- function(i) if (C[i, i] == 0) NA else cor(x[[i]], rowSums(x[-i]), use = "complete")
    by <- function(C) ncol(C) / (ncol(C) - 1) * (1 - sum(diag(C)) / sum(C))
    return(list(alpha = by(C), r_drop = sapply(seq_along(x), rest), dropped = sapply(seq_along(x), function(i) by(C[-i, -i]))))
  }
  a <- alpha(x, delete = FALSE, warnings = FALSE)
  list(alpha = a$total$raw_alpha, r_drop = a$item.stats$r.drop, dropped = a$alpha.drop$raw_alpha)
}
quiet <- function(code) { sink(tempfile()); on.exit(sink()); code }
reversed <- function(x, low, high) { n <- names(x) %in% c("A1", "C4", "C5", "E1", "E2", "O2", "O5"); x[n] <- low + high - x[n]; x }
scored <- function(x, least) { s <- rowMeans(x, na.rm = TRUE); s[rowSums(!is.na(x)) < least] <- NA; s }
bfi <- read.csv("bfi.csv")
sets <- lapply(c(A = "A", C = "C", E = "E", N = "N", O = "O"), function(s) reversed(bfi[paste0(s, 1:5)], 1, 6))
names(sets) <- paste0("bfi_", names(sets))
for (n in c("items_gaps", "items_binary", "items_tiny", "items_two", "items_constant")) sets[[n]] <- read.csv(paste0(n, ".csv"))
out <- list()
for (n in names(sets)) {
  x <- sets[[n]]; k <- ncol(x); whole <- x[complete.cases(x), ]
  one <- list(n = nrow(whole), listwise = quiet(block(whole)), pairwise = quiet(block(x)))
  ci <- alpha.ci(one$listwise$alpha, n.obs = nrow(whole), n.var = k)
  one$ci <- c(ci$lower.ci, ci$upper.ci)
  one$mean <- unname(colMeans(whole)); one$sd <- unname(apply(whole, 2, sd))
  half <- scored(x, ceiling(k / 2)); all <- scored(x, k)
  keys <- list(scale = names(x))
  one$scored <- list(psych = if (n == "items_constant") NA else mean(as.numeric(scoreItems(keys, x, impute = "none", missing = TRUE)$scores), na.rm = TRUE),
                     any = mean(scored(x, 1), na.rm = TRUE), half_n = sum(!is.na(half)), half_mean = mean(half, na.rm = TRUE),
                     half_sd = sd(half, na.rm = TRUE), all_n = sum(!is.na(all)), all_mean = mean(all, na.rm = TRUE))
  d <- describe(half, type = 3)
  one$describe <- as.list(d[c("n", "mean", "sd", "median", "skew", "kurtosis", "se")])
  out[[n]] <- one
}
cat(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"))
