# Change and difference: t.test, wilcox.test, effectsize::hedges_g, prop.test, binom.test, p.adjust. The standardised
# changes are written out here from Lakens 2013 and Bonett 2008, for effectsize has no rm_d in this version.
suppressMessages({library(effectsize); library(jsonlite)})
options(digits = 17, warn = -1)
J <- function(m) exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2)
out <- list()
for (n in c("sleep", "pairs_ties", "pairs_few", "pairs_many", "pairs_three")) {
  d <- na.omit(read.csv(paste0(n, ".csv"))); x <- d$first; y <- d$second; m <- nrow(d)
  t <- t.test(y, x, paired = TRUE); s2 <- (var(x) + var(y)) / 2; dav <- mean(y - x) / sqrt(s2)
  v <- dav^2 * (var(x)^2 + var(y)^2 + 2 * cor(x, y)^2 * var(x) * var(y)) / (8 * (m - 1) * s2^2) + var(y - x) / ((m - 1) * s2)
  w <- t.test(x, y); g <- hedges_g(x, y)
  out[[n]] <- list(n = m, difference = mean(y - x), t = unname(t$statistic), p = t$p.value, ci = as.vector(t$conf.int), sd = sd(y - x),
    d_z = mean(y - x) / sd(y - x), d_av = dav, g_av = J(m - 1) * dav, bonett = dav + c(-1, 1) * qnorm(.975) * sqrt(v),
    wilcoxon = wilcox.test(y, x, paired = TRUE)$p.value,
    welch = list(t = unname(w$statistic), df = unname(w$parameter), p = w$p.value, ci = as.vector(w$conf.int)),
    g = g$Hedges_g, g_ci = c(g$CI_low, g$CI_high))
}
shares <- list(c(0, 12), c(12, 12), c(7, 20), c(1, 3), c(431, 1000))
out$shares <- lapply(shares, function(s) list(count = s[1], n = s[2], ci = as.vector(prop.test(s[1], s[2], correct = FALSE)$conf.int)))
out$mcnemar <- lapply(list(c(8, 2), c(0, 5), c(1, 1), c(40, 61)), function(b) list(gained = b[1], lost = b[2], p = binom.test(b[1], sum(b))$p.value))
p <- c(0.001, 0.04, 0.04, 0.2, 0.011, 0.9, 0.0007, 0.03)
out$adjusted <- list(p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))
l <- read.csv("leaders.csv"); e <- l[l$role == "employee", ]; o <- l[l$role == "leader", ]
means <- aggregate(e[c("s1", "s2", "s3")], list(unit = e$unit), mean); o <- o[order(o$unit), ]
out$gap <- lapply(c(s1 = "s1", s2 = "s2", s3 = "s3"), function(s) {
  t <- t.test(o[[s]], means[[s]], paired = TRUE); list(difference = unname(t$estimate), p = t$p.value, ci = as.vector(t$conf.int)) })
first <- e[e$unit == 0, "s1"]; t <- t.test(first)
out$gap$first_unit <- list(mean = mean(first), ci = as.vector(t$conf.int))
out$gap$profile <- rowMeans(abs(as.matrix(o[c("s1", "s2", "s3")]) - as.matrix(means[c("s1", "s2", "s3")])))
cat(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"))
