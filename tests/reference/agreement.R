# Agreement: multilevel (ICC of groups, rwg, rwg.j), psych (rater ICCs, kappa), Krippendorff's alpha from its definition.
# psych 2.2.9 takes wrong margins into the standard error of weighted kappa (rowSums(w * rs) where the source has the
# mean weight of a column), so that this one is written out from Fleiss, Cohen & Everitt 1969, equation 8.
suppressMessages({library(psych); library(multilevel); library(jsonlite)})
options(digits = 17, warn = -1)
out <- list()
w <- read.csv("wards.csv"); items <- w[1:4]
w$score <- ifelse(rowSums(!is.na(items)) >= 2, rowMeans(items, na.rm = TRUE), NA)
scored <- w[!is.na(w$score), ]
a <- aov(score ~ factor(ward), scored)
out$icc <- list(icc1 = ICC1(a), icc2 = ICC2(a), f = summary(a)[[1]][1, 4])
j <- rwg.j(items, w$ward, ranvar = 2)
out$rwgj <- list(units = as.integer(as.character(j$grpid)), value = unname(j$rwg.j))
one <- rwg(w$i1, w$ward, ranvar = 2)
out$rwg <- list(units = as.integer(as.character(one$grpid)), value = unname(one$rwg))
for (n in c("shrout_fleiss", "raters")) {
  r <- ICC(as.matrix(read.csv(paste0(n, ".csv"))), lmer = FALSE)$results
  out[[n]] <- lapply(split(r[, -1], r$type), as.list)
}
tables <- list(cohen = matrix(c(.44, .07, .09, .05, .20, .05, .01, .03, .06), 3, byrow = TRUE) * 200,
               fleiss = matrix(c(106, 10, 4, 22, 28, 10, 2, 12, 6), 3, byrow = TRUE))
apart <- matrix(c(0, 1, 3, 1, 0, 6, 3, 6, 0), 3)
se <- function(x, w) {
  n <- sum(x); p <- x / n; r <- rowSums(p); c <- colSums(p); po <- sum(w * p); pc <- sum(w * outer(r, c))
  wi <- as.vector(w %*% c); wj <- as.vector(t(w) %*% r)
  sqrt((sum(p * (w * (1 - pc) - outer(wi, wj, "+") * (1 - po))^2) - (po * pc - 2 * pc + po)^2) / (n * (1 - pc)^4))
}
for (n in names(tables)) {
  x <- tables[[n]]; k <- cohen.kappa(x); given <- cohen.kappa(x, 1 - apart / 6)
  squared <- 1 - (row(x) - col(x))^2 / 4
  out[[n]] <- list(kappa = k$kappa, se = sqrt(k$var.kappa), squared = k$weighted.kappa, squared_se = se(x, squared),
                   given = given$weighted.kappa, given_se = se(x, 1 - apart / 6))
}
reliability <- function(x, level) {
  v <- sort(unique(na.omit(as.vector(as.matrix(x))))); o <- matrix(0, length(v), length(v))
  for (u in seq_len(ncol(x))) {
    given <- na.omit(x[, u]); m <- length(given); if (m < 2) next
    for (i in seq_len(m)) for (j in seq_len(m)) if (i != j) {
      a <- match(given[i], v); b <- match(given[j], v); o[a, b] <- o[a, b] + 1 / (m - 1)
    }
  }
  nc <- rowSums(o); n <- sum(nc); d <- matrix(0, length(v), length(v))
  for (a in seq_along(v)) for (b in seq_along(v)) d[a, b] <- switch(level,
    nominal = as.numeric(a != b), interval = (v[a] - v[b])^2,
    ratio = if (v[a] + v[b] == 0) 0 else ((v[a] - v[b]) / (v[a] + v[b]))^2,
    ordinal = (sum(nc[min(a, b):max(a, b)]) - (nc[a] + nc[b]) / 2)^2)
  1 - (n - 1) * sum(o * d) / sum(outer(nc, nc) * d)
}
levels <- c(nominal = "nominal", ordinal = "ordinal", interval = "interval", ratio = "ratio")
for (n in c("krippendorff_2011", "coders")) out[[n]] <- lapply(levels, function(l) reliability(read.csv(paste0(n, ".csv")), l))
cat(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"))
