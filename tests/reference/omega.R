# Omega of one factor: lavaan, over the variance that the model implies and over the observed one.
suppressMessages({library(lavaan); library(jsonlite)})
options(digits = 17, warn = -1)
reversed <- function(x, low, high) { n <- names(x) %in% c("A1", "C4", "C5", "E1", "E2", "O2", "O5"); x[n] <- low + high - x[n]; x }
bfi <- read.csv("bfi.csv")
sets <- lapply(c(bfi_A = "A", bfi_C = "C", bfi_E = "E", bfi_N = "N", bfi_O = "O"), function(s) reversed(bfi[paste0(s, 1:5)], 1, 6))
for (n in c("items_gaps", "items_binary")) sets[[n]] <- read.csv(paste0(n, ".csv"))
sets$bfi_N3 <- bfi[c("N1", "N2", "N3")]
sharp <- list(rel.tol = 1e-10, iter.max = 10000, eval.max = 20000)
one <- function(x, ...) cfa(paste("f =~", paste(names(x), collapse = " + ")), x, std.lv = TRUE, control = sharp, ...)
said <- function(f, S) {
  e <- lavInspect(f, "est"); l <- as.vector(e$lambda); t <- diag(e$theta)
  list(loadings = l, own = unname(t), chisq = fitMeasures(f)[["chisq"]], n = nobs(f), logl = fitMeasures(f)[["logl"]],
       implied = sum(l)^2 / (sum(l)^2 + sum(t)), observed = sum(l)^2 / sum(S))
}
out <- lapply(sets, function(x) {
  f <- one(x); r <- said(f, lavInspect(f, "sampstat")$cov)
  g <- one(x, missing = "fiml")
  r$fiml <- said(g, lavInspect(g, "sampstat")$cov); r$fiml$means <- as.vector(lavInspect(g, "est")$nu)
  r
})
cat(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"))
