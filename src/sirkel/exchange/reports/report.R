# The numbers of this analysis, computed anew by R from the data file alone:
#
#     Rscript report.R DATA OUT.json
#
# Packages: psych, lavaan, multilevel, lme4, lmerTest, effectsize, jsonlite; haven for .sav and .dta; nanoparquet for
# .parquet; mice, where it is installed, for what multiple imputation says beside it. What R does not compute here is null. Below certain numbers of people or workplaces the report gives no value,
# and says why, although R computes one: such a value must not be reported.

@@CONFIG@@

suppressMessages({library(psych); library(lavaan); library(multilevel); library(lmerTest); library(effectsize); library(jsonlite)})
options(digits = 17, warn = -1)
given <- commandArgs(trailingOnly = TRUE)
data_file <- if (length(given) >= 1) given[1] else config$data
out_file <- if (length(given) >= 2) given[2] else "report-from-r.json"
sharp <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.02, rhoend = 1e-10, maxfun = 1e5))

# ---- Data
read_sheets <- function(path) {
  kind <- tolower(sub(".*\\.", "", path))
  if (kind == "sav") return(as.data.frame(haven::zap_labels(haven::read_sav(path))))
  if (kind == "dta") return(as.data.frame(haven::zap_labels(haven::read_dta(path))))
  if (kind == "parquet") return(as.data.frame(nanoparquet::read_parquet(path)))
  bytes <- readBin(path, "raw", file.size(path))
  text <- rawToChar(bytes)
  Encoding(text) <- if (validUTF8(text)) "UTF-8" else "latin1"
  text <- sub("^\ufeff", "", enc2utf8(text))
  head <- strsplit(substr(text, 1, 100000), "\r?\n")[[1]]
  count <- sapply(c(",", ";", "\t", "|"), function(sign) lengths(regmatches(head[1], gregexpr(sign, head[1], fixed = TRUE))))
  separator <- names(count)[which.max(count)]
  comma <- separator != "," && any(grepl("-?[0-9]+,[0-9]+", head[-1]))
  read.table(text = text, sep = separator, dec = if (comma) "," else ".", header = TRUE, quote = "\"", comment.char = "",
             check.names = FALSE, na.strings = "", strip.white = TRUE, stringsAsFactors = FALSE, encoding = "UTF-8")
}
as_key <- function(column) {
  text <- trimws(as.character(column))
  names <- unique(text)
  numbers <- suppressWarnings(as.numeric(names))
  factor(text, levels = if (anyNA(numbers)) sort(names) else names[order(numbers)])
}
d <- read_sheets(data_file)
key <- function(name) if (is.null(config[[name]])) NULL else as_key(d[[config[[name]]]])
unit <- key("unit"); person <- key("person"); wave <- key("wave"); role <- key("role")

# ---- Parts
try_or_null <- function(code) tryCatch({ sink(tempfile()); on.exit(sink()); suppressMessages(code) }, error = function(e) NULL)
answers <- function(scale) {
  x <- as.data.frame(lapply(setNames(scale$items, scale$items), function(item) as.numeric(d[[item]])), check.names = FALSE)
  x[] <- lapply(x, function(column) { column[column %in% config$missing] <- NA; column })
  if (config$drop_outside) x[] <- lapply(x, function(column) { column[column < scale$min | column > scale$max] <- NA; column })
  for (item in scale$reverse) x[[item]] <- scale$min + scale$max - x[[item]]
  x
}
of_alpha <- function(x) {
  whole <- x[complete.cases(x), , drop = FALSE]
  listwise <- try_or_null(psych::alpha(whole, delete = FALSE, warnings = FALSE))
  pairwise <- try_or_null(psych::alpha(x, delete = FALSE, warnings = FALSE))
  value <- listwise$total$raw_alpha
  ci <- try_or_null(alpha.ci(value, n.obs = nrow(whole), n.var = ncol(whole)))
  items <- lapply(seq_along(x), function(i) list(n = nrow(whole), mean = mean(whole[[i]]), sd = sd(whole[[i]]),
    item_rest = listwise$item.stats$r.drop[i], alpha_if_dropped = if (ncol(x) > 2) listwise$alpha.drop$raw_alpha[i]))
  list(alpha = list(listwise = list(n = nrow(whole), value = value, ci95 = c(ci$lower.ci, ci$upper.ci)),
                    pairwise = list(value = pairwise$total$raw_alpha)), items = setNames(items, names(x)))
}
of_omega <- function(x) try_or_null({
  whole <- setNames(x[complete.cases(x), ], paste0("x", seq_along(x)))
  f <- cfa(paste("f =~", paste(names(whole), collapse = " + ")), whole, std.lv = TRUE,
           control = list(rel.tol = 1e-10, iter.max = 10000, eval.max = 20000))
  e <- lavInspect(f, "est"); l <- sum(e$lambda)^2
  list(model_implied = l / (l + sum(diag(e$theta))), observed = l / sum(lavInspect(f, "sampstat")$cov))
})
of_omega_with_gaps <- function(x) try_or_null({
  names(x) <- paste0("x", seq_along(x))
  f <- cfa(paste("f =~", paste(names(x), collapse = " + ")), x[rowSums(!is.na(x)) > 0, ], std.lv = TRUE, missing = "fiml",
           control = list(rel.tol = 1e-12, iter.max = 10000, eval.max = 20000))
  e <- lavInspect(f, "est"); l <- sum(e$lambda)^2
  l / (l + sum(diag(e$theta)))
})
of_units <- function(x, score, scale) {
  kept <- !is.na(score); y <- score[kept]; u <- droplevels(unit[kept])
  a <- try_or_null(aov(y ~ u))
  ms <- summary(a)[[1]][, "Mean Sq"]; n0 <- (length(y) - sum(table(u)^2) / length(y)) / (nlevels(u) - 1)
  m <- try_or_null(lmer(y ~ 1 + (1 | u), control = sharp))
  v <- if (is.null(m)) NULL else as.data.frame(VarCorr(m))$vcov
  random <- ((round(scale$max - scale$min) + 1)^2 - 1) / 12
  j <- try_or_null(if (ncol(x) == 1) rwg(x[[1]], unit, ranvar = random)$rwg else rwg.j(x, unit, ranvar = random)$rwg.j)
  list(icc = list(anova = list(icc1 = try_or_null(ICC1(a)), icc2 = try_or_null(ICC2(a)), mean_group_size = length(y) / nlevels(u),
                               n0 = n0, icc1_n0 = (ms[1] - ms[2]) / (ms[1] + (n0 - 1) * ms[2]), units = nlevels(u)),
                  reml = if (!is.null(m)) list(icc = v[1] / sum(v), unit_variance = v[1], residual_variance = v[2],
                                               intercept = unname(fixef(m)), se = coef(summary(m))[1, "Std. Error"],
                                               singular = isSingular(m))),
       rwgj = list(mean = mean(j, na.rm = TRUE), median = median(j, na.rm = TRUE), units = sum(!is.na(j))))
}
of_pair <- function(x, y) {
  kept <- !is.na(x) & !is.na(y); x <- x[kept]; y <- y[kept]; n <- length(x)
  t <- try_or_null(t.test(y, x, paired = TRUE)); s2 <- (var(x) + var(y)) / 2; d_av <- mean(y - x) / sqrt(s2)
  J <- function(m) exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2)
  v <- d_av^2 * (var(x)^2 + var(y)^2 + 2 * cor(x, y)^2 * var(x) * var(y)) / (8 * (n - 1) * s2^2) + var(y - x) / ((n - 1) * s2)
  list(n = n, mean_1 = mean(x), mean_2 = mean(y), median_1 = median(x), median_2 = median(y), difference = mean(y - x),
       sd_difference = sd(y - x), t = unname(t$statistic), df = unname(t$parameter), ci95 = as.vector(t$conf.int), p = t$p.value,
       d_z = try_or_null(cohens_d(y, x, paired = TRUE)$Cohens_d), d_av = d_av, g_av = J(n - 1) * d_av,
       d_av_ci95 = d_av + c(-1, 1) * qnorm(.975) * sqrt(v),
       wilcoxon_p = try_or_null(wilcox.test(y, x, paired = TRUE)$p.value))
}
of_change <- function(score) {
  at <- function(w) { s <- rep(NA_real_, nlevels(person)); here <- wave == w; s[as.integer(person)[here]] <- score[here]; s }
  pairs <- if (nlevels(wave) > 1) combn(levels(wave), 2, simplify = FALSE) else list()
  paired <- lapply(setNames(pairs, sapply(pairs, paste, collapse = "-")), function(p) of_pair(at(p[1]), at(p[2])))
  z <- droplevels(data.frame(score, wave, person, unit = if (is.null(unit)) person else unit)[!is.na(score), ])
  # Fewer than ten units stand for themselves: each has an indicator in place of the intercept.
  is_fixed <- !is.null(unit) && nlevels(z$unit) < 10
  f <- if (is_fixed) score ~ 0 + unit + (1 | person) else score ~ (1 | person)
  if (nlevels(z$wave) > 1) f <- update(f, . ~ . + wave)
  if (!is.null(unit) && !is_fixed) f <- update(f, . ~ . + (1 | unit))
  m <- try_or_null(lmer(f, z, control = sharp))
  stayed <- of_attrition(at)
  if (is.null(m)) return(list(paired = paired, attrition = stayed, imputed = of_imputed(at)))
  v <- as.data.frame(VarCorr(m)); v <- setNames(v$vcov, v$grp); k <- as.data.frame(coef(summary(m)))
  weight <- as.numeric(rownames(k) == "(Intercept)") + as.numeric(startsWith(rownames(k), "unit")) / nlevels(z$unit)
  combined <- function(L) {
    e <- contest1D(m, L, confint = TRUE)
    list(estimate = e$Estimate, se = e[["Std. Error"]], df = e$df, p = e[["Pr(>|t|)"]], ci95 = c(e$lower, e$upper))
  }
  wave_terms <- rownames(k)[startsWith(rownames(k), "wave")]
  fixed <- c(list(intercept = combined(weight)), lapply(setNames(wave_terms, sub("^wave", "wave ", wave_terms)),
    function(term) combined(as.numeric(rownames(k) == term))))
  at_wave <- function(w) {
    e <- combined(weight + as.numeric(rownames(k) == paste0("wave", w)))
    list(mean = e$estimate, se = e$se, ci95 = e$ci95)
  }
  means <- lapply(setNames(levels(z$wave), levels(z$wave)), at_wave)
  list(paired = paired, mixed = list(n = nrow(z), means = means, fixed = fixed, unit_variance = if (!is.null(unit) && !is_fixed) v[["unit"]], person_variance = v[["person"]],
       residual_variance = v[["Residual"]], reml_criterion = REMLcrit(m), singular = isSingular(m)), attrition = stayed, imputed = of_imputed(at))
}
# Multiple imputation of scores by each other, people with none left out; twenty completed data sets, pooled by Rubin's rules.
of_imputed <- function(at) {
  if (nlevels(wave) < 2 || !requireNamespace("mice", quietly = TRUE)) return(NULL)
  scores <- setNames(as.data.frame(sapply(levels(wave), at)), paste0("w", seq_len(nlevels(wave))))
  scores <- scores[rowSums(!is.na(scores)) > 0, ]; n <- nrow(scores); m <- 20
  filled <- try_or_null(mice::complete(mice::mice(scores, m = m, method = "norm", seed = 1, printFlag = FALSE), "all"))
  if (is.null(filled)) return(NULL)
  pairs <- combn(seq_len(nlevels(wave)), 2, simplify = FALSE)
  found <- lapply(pairs, function(p) {
    change <- sapply(filled, function(one) one[[p[2]]] - one[[p[1]]])
    q <- colMeans(change); u <- apply(change, 2, var) / n
    pooled <- mice::pool.scalar(q, u, n = n, k = 1)
    list(n = n, estimates = q, variances = u, difference = pooled$qbar, variance = pooled$t, df = pooled$df,
         ci95 = pooled$qbar + c(-1, 1) * qt(.975, pooled$df) * sqrt(pooled$t))
  })
  setNames(found, sapply(pairs, function(p) paste(levels(wave)[p], collapse = "-")))
}
of_attrition <- function(at) {
  first <- at(levels(wave)[1])
  home <- rep(NA_character_, nlevels(person)); then <- wave == levels(wave)[1]
  if (!is.null(unit)) home[as.integer(person)[then]] <- as.character(unit)[then]
  row <- function(here, later) {
    stay <- first[here & !is.na(later)]; leave <- first[here & is.na(later)]; n <- length(stay); m <- length(leave)
    pooled <- sqrt(((n - 1) * var(stay) + (m - 1) * var(leave)) / (n + m - 2))
    list(stayers = n, leavers = m, stayers_mean = mean(stay), leavers_mean = mean(leave), smd = (mean(leave) - mean(stay)) / pooled)
  }
  found <- lapply(levels(wave)[-1], function(w) {
    later <- at(w); there <- !is.na(first)
    list(all = row(there, later), units = if (!is.null(unit)) lapply(setNames(nm = sort(unique(home[there]))), function(u) row(there & home %in% u, later)))
  })
  setNames(found, paste(levels(wave)[1], levels(wave)[-1], sep = "-"))
}
of_gap <- function(score) {
  leads <- role == "leader" & !is.na(role)
  means <- function(who) tapply(score[who], unit[who], mean, na.rm = TRUE)
  pair <- of_pair(as.vector(means(!leads)), as.vector(means(leads)))
  list(units = pair$n, over_units = pair)
}

# ---- All scales
scales <- lapply(config$scales, function(scale) {
  x <- answers(scale)
  score <- rowMeans(x, na.rm = TRUE); score[rowSums(!is.na(x)) < scale$needed] <- NA
  shape <- as.list(try_or_null(psych::describe(score, type = 3)))
  result <- c(list(n = sum(!is.na(score)), mean = mean(score, na.rm = TRUE), sd = sd(score, na.rm = TRUE),
    median = median(score, na.rm = TRUE), skew = shape$skew, kurtosis = shape$kurtosis, se = shape$se), of_alpha(x))
  result$omega_total <- c(of_omega(x), list(fiml = of_omega_with_gaps(x)))
  if (!is.null(unit)) result <- c(result, of_units(x, score, scale))
  if (!is.null(person) && !is.null(wave)) result$change <- of_change(score)
  if (!is.null(role) && !is.null(unit)) result$perception_gap <- of_gap(score)
  result
})
# Holm within each family and contrast. Where scales were declared beforehand, they alone are a family's members; below
# thirty pairs nothing is tested.
families <- sapply(config$scales, function(scale) scale$family)
declared <- names(config$scales)[sapply(config$scales, function(scale) scale$primary)]
if (length(declared) == 0) declared <- names(config$scales)
held_to <- function(scales, members, part, contrast) {
  p <- sapply(members, function(id) { one <- scales[[id]]$change[[part[1]]]; if (length(part) > 1) one <- one[[part[2]]]
    one <- one[[contrast]]; if (is.null(one$p) || (part[1] == "paired" && one$n < 30)) NA else one$p })
  setNames(p.adjust(p, "holm"), members)
}
for (family in unique(families)) {
  members <- intersect(names(families)[families == family], declared)
  for (id in members) {
    for (contrast in names(scales[[id]]$change$paired))
      scales[[id]]$change$paired[[contrast]]$p_holm <- held_to(scales, members, "paired", contrast)[[id]]
    for (contrast in grep("^wave ", names(scales[[id]]$change$mixed$fixed), value = TRUE))
      scales[[id]]$change$mixed$fixed[[contrast]]$p_holm <- held_to(scales, members, c("mixed", "fixed"), contrast)[[id]]
  }
}
write(toJSON(list(scales = scales), digits = NA, auto_unbox = TRUE, na = "null", null = "null", pretty = TRUE), out_file)
cat(out_file, "\n")
